-- Give the changes of accounts that were committed since the last time their places in the feed.
-- Grain: one change. Inputs: none. Locks: the caller holds the lock of the feed. A second run finds none.
UPDATE catalogue_accountchange AS change
SET position = numbered.position
FROM (
    SELECT
        id,
        row_number() OVER (ORDER BY id)
            + (SELECT coalesce(max(position), 0) FROM catalogue_accountchange) AS position
    FROM catalogue_accountchange
    WHERE position IS NULL
) AS numbered
WHERE change.id = numbered.id
