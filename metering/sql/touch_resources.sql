-- Grain: one row a resource whose life may have changed, and from when on: those of the lifecycle events in
-- the batches taken, and those of open exceptions whose product or account is there by now.
CREATE TEMP TABLE touched_resource ON COMMIT DROP AS
SELECT head_office_id, resource, min(touched_from) AS touched_from FROM (
    SELECT e.head_office_id, e.resource, e.time AS touched_from
      FROM metering_lifecycleevent e WHERE e.batch_id = ANY(%(batches)s)
    UNION ALL
    SELECT x.head_office_id, x.resource, '-infinity'
      FROM metering_eventexception x
      JOIN metering_eventidentity i
        ON (i.head_office_id, i.source, i.event_id) = (x.head_office_id, x.source, x.event_id)
      JOIN metering_lifecycleevent e ON e.uid = i.uid AND e.time = i.time
     WHERE x.closed_at IS NULL
       AND (x.kind = 'unknown_sku' AND NOT EXISTS (
                SELECT FROM jsonb_to_recordset(e.items) AS item(sku text)
                 WHERE item.sku NOT IN (SELECT sku FROM catalogue_product))
            OR x.kind = 'unknown_account' AND EXISTS (SELECT FROM catalogue_account WHERE code = e.account))
) touched
GROUP BY head_office_id, resource
