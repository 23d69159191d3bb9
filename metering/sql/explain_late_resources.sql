-- Grain: one row a resource that a charge may come from and of which something about the time before %(until)s was
-- received after %(received_by)s (null: nothing): what was known then has to be computed from its events.
-- %(resource)s null: any resource of the head office.
CREATE TEMP TABLE touched_resource ON COMMIT DROP AS
SELECT DISTINCT e.head_office_id, e.resource, '-infinity'::timestamptz AS touched_from,
       NULL::bigint AS resource_id, NULL::timestamptz AS created_at, NULL::timestamptz AS base_at
  FROM metering_lifecycleevent e
  LEFT JOIN metering_resource r ON r.head_office_id = e.head_office_id AND r.name = e.resource
 WHERE e.received_at > %(received_by)s::timestamptz AND e.time < %(until)s
   AND e.head_office_id = %(head_office_id)s
   AND (%(resource)s::text IS NULL OR e.resource = %(resource)s)
   AND NOT is_detached('metering_lifecycleevent', r.created_at)
