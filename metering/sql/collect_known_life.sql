-- Grain: one row an interval of the accounts to rate, as known to this rating: those that touch the months rated,
-- and earlier ones in which a record began that reaches into them, because it belongs to who had the resource then.
CREATE TEMP TABLE known_life ON COMMIT DROP AS
WITH late AS (
    SELECT r.id FROM touched_resource t
      JOIN metering_resource r ON r.head_office_id = t.head_office_id AND r.name = t.resource
), rated AS (
    SELECT account_id, min(period_start) AS first, max(count_until) AS last FROM rating_period GROUP BY account_id
), known AS (
    SELECT i.resource_id, i.started_at, i.ended_at, i.account_id, i.state, i.product_ids, i.quantities, rated.first
      FROM rated JOIN metering_resourceinterval i USING (account_id)
     WHERE i.started_at < rated.last AND i.resource_id NOT IN (SELECT id FROM late)
    UNION ALL
    SELECT i.resource_id, i.started_at, i.ended_at, i.account_id, i.state, i.product_ids, i.quantities, rated.first
      FROM rated JOIN rebuilt_interval i USING (account_id)
     WHERE i.started_at < rated.last
)
SELECT k.resource_id, r.head_office_id, r.name AS resource, k.started_at, coalesce(k.ended_at, 'infinity') AS ended_at,
       k.account_id, k.state, k.product_ids, k.quantities
  FROM known k JOIN metering_resource r ON r.id = k.resource_id
 WHERE coalesce(k.ended_at, 'infinity') > k.first
    OR EXISTS (SELECT FROM metering_usageevent u
                WHERE u.head_office_id = r.head_office_id AND u.resource = r.name
                  AND u.until > k.first AND u.time >= k.started_at AND u.time < k.ended_at)
