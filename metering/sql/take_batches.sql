-- Grain: one row a batch taken. Takes waiting batches, oldest first, until %(event_limit)s events are reached
-- (at least one batch). The mark stands only if the transaction commits, so a killed worker's batches are
-- taken again, and nothing is taken twice. A batch that commits later than a younger one still waits here.
WITH waiting AS (
    SELECT id, sum(event_count) OVER (ORDER BY id) - event_count AS before
      FROM metering_ingestbatch WHERE mediated_at IS NULL
)
UPDATE metering_ingestbatch b SET mediated_at = %(now)s FROM waiting w
 WHERE b.id = w.id AND w.before < %(event_limit)s
RETURNING b.id
