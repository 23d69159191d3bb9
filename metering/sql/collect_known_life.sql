-- Grain: one row an interval of the accounts to rate, as known to this rating.
CREATE TEMP TABLE known_life ON COMMIT DROP AS
WITH late AS (
    SELECT r.id FROM touched_resource t
      JOIN metering_resource r ON r.head_office_id = t.head_office_id AND r.name = t.resource
), rated AS (
    SELECT account_id, min(period_start) AS first, max(count_until) AS last FROM rating_period GROUP BY account_id
)
SELECT i.resource_id, i.started_at, coalesce(i.ended_at, 'infinity') AS ended_at, i.account_id, i.state,
       i.product_ids, i.quantities
  FROM rated JOIN metering_resourceinterval i USING (account_id)
 WHERE i.started_at < rated.last AND coalesce(i.ended_at, 'infinity') > rated.first
   AND i.resource_id NOT IN (SELECT id FROM late)
UNION ALL
SELECT i.resource_id, i.started_at, coalesce(i.ended_at, 'infinity'), i.account_id, i.state, i.product_ids,
       i.quantities
  FROM rated JOIN rebuilt_interval i USING (account_id)
 WHERE i.started_at < rated.last AND coalesce(i.ended_at, 'infinity') > rated.first
