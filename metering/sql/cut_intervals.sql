-- Grain: one row an interval of a touched resource: stretches of one state, account and set of items that
-- follow each other without a hole. Events of the same instant leave no interval of no length.
CREATE TEMP TABLE rebuilt_interval ON COMMIT DROP AS
WITH stretch AS (
    SELECT t.*, lead(time) OVER life AS next_time FROM timeline t WHERE state IS NOT NULL
    WINDOW life AS (PARTITION BY head_office_id, resource ORDER BY n)
), lasting AS (
    SELECT *, (state, account_id, product_ids, quantities)
              IS NOT DISTINCT FROM lag((state, account_id, product_ids, quantities)) OVER life AS same
      FROM stretch WHERE NOT is_end AND (next_time IS NULL OR next_time > time)
    WINDOW life AS (PARTITION BY head_office_id, resource ORDER BY n)
), ended AS (
    SELECT head_office_id, resource, max(time) FILTER (WHERE is_end) AS ended_at FROM timeline
     GROUP BY head_office_id, resource
)
SELECT r.id AS resource_id, l.time AS started_at,
       coalesce(lead(l.time) OVER (PARTITION BY r.id ORDER BY l.n), d.ended_at) AS ended_at,
       l.account_id, l.state, l.product_ids, l.quantities
  FROM lasting l
  JOIN ended d USING (head_office_id, resource)
  JOIN metering_resource r ON r.head_office_id = l.head_office_id AND r.name = l.resource
 WHERE NOT l.same
