-- Grain: one row a resource of which something was received after %(received_by)s (null: none): what was known
-- then has to be computed from its events. One whose creation is detached had ended: it is left as it was.
CREATE TEMP TABLE touched_resource ON COMMIT DROP AS
SELECT DISTINCT e.head_office_id, e.resource, '-infinity'::timestamptz AS touched_from,
       NULL::bigint AS resource_id, NULL::timestamptz AS created_at, NULL::timestamptz AS base_at
  FROM metering_lifecycleevent e
  LEFT JOIN metering_resource r ON r.head_office_id = e.head_office_id AND r.name = e.resource
 WHERE e.received_at > %(received_by)s::timestamptz
   AND e.head_office_id IN (SELECT coalesce(buyer_id, seller_id) FROM rating_period)
   AND NOT is_detached('metering_lifecycleevent', r.created_at)
