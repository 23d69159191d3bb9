-- Grain: one row a resource whose life may have changed, and from when on: those of the lifecycle events in
-- the batches taken, and those of open exceptions whose product or account is there by now. `base_at` is the start
-- of the stretch in which it stood just before: its life is rebuilt from there on, and what came before stays.
-- Empty: there is no such stretch, its whole life is rebuilt, as it is where another creation of it has come, which
-- may tell of another owner. Left as they are: resources whose creation is detached
-- (they had all ended), and what events of detached months say.
CREATE TEMP TABLE touched_resource ON COMMIT DROP AS
WITH touched AS (
    SELECT head_office_id, resource, min(touched_from) AS touched_from, bool_or(is_creation) AS is_created FROM (
        SELECT e.head_office_id, e.resource, e.time AS touched_from, e.type = 'created' AS is_creation
          FROM metering_lifecycleevent e WHERE e.batch_id = ANY(%(batches)s)
           AND NOT is_detached('metering_lifecycleevent', e.time)
        UNION ALL
        SELECT x.head_office_id, x.resource, '-infinity', false
          FROM metering_eventexception x
          JOIN metering_eventidentity i
            ON (i.head_office_id, i.source, i.event_id) = (x.head_office_id, x.source, x.event_id)
          JOIN metering_lifecycleevent e ON e.uid = i.uid AND e.time = i.time
         WHERE x.closed_at IS NULL
           AND (x.kind = 'unknown_sku' AND NOT EXISTS (
                    SELECT FROM jsonb_to_recordset(e.items) AS item(sku text)
                     WHERE item.sku NOT IN (SELECT sku FROM catalogue_product))
                OR x.kind = 'unknown_account' AND EXISTS (SELECT FROM catalogue_account WHERE code = e.account))
    ) found
    GROUP BY head_office_id, resource
)
SELECT t.head_office_id, t.resource, since.touched_from, r.id AS resource_id, r.created_at, before.base_at
  FROM touched t
  LEFT JOIN metering_resource r ON r.head_office_id = t.head_office_id AND r.name = t.resource
 CROSS JOIN LATERAL (
       SELECT CASE WHEN t.is_created THEN least(t.touched_from, r.created_at) ELSE t.touched_from END AS touched_from) since
  LEFT JOIN LATERAL (
       SELECT i.started_at AS base_at, i.ended_at FROM metering_resourceinterval i
        WHERE i.resource_id = r.id AND i.started_at < since.touched_from
        ORDER BY i.started_at DESC LIMIT 1) before
    -- A resource that had ended before is rare: its whole life is rebuilt.
    ON before.ended_at IS NULL OR before.ended_at >= since.touched_from
 WHERE NOT is_detached('metering_lifecycleevent', r.created_at)
