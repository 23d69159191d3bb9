-- Grain: one row a resource of which something was received after %(received_by)s (null: none): what was known
-- then has to be computed from its events.
CREATE TEMP TABLE touched_resource ON COMMIT DROP AS
SELECT DISTINCT e.head_office_id, e.resource, '-infinity'::timestamptz AS touched_from,
       NULL::bigint AS resource_id, NULL::timestamptz AS created_at, NULL::timestamptz AS base_at
  FROM metering_lifecycleevent e
 WHERE e.received_at > %(received_by)s::timestamptz
   AND e.head_office_id IN (SELECT coalesce(buyer_id, seller_id) FROM rating_period)
