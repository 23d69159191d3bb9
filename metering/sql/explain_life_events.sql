-- Grain: one row a lifecycle event at one of the instants at which a resource's life changed, as known by
-- %(received_by)s (null: all). Events that were not placed or changed nothing are left out, and those that name another account
-- than %(account)s: who had the resource before or after is not told.
SELECT e.uid, e.source, e.event_id, e.company_id, e.resource, e.type, e.time, e.received_at, e.payload, i.content_hash
  FROM unnest(%(resources)s::text[], %(instants)s::timestamptz[]) AS at(resource, instant)
  JOIN metering_lifecycleevent e
    ON e.head_office_id = %(head_office_id)s AND e.resource = at.resource AND e.time = at.instant
  LEFT JOIN metering_eventidentity i
    ON (i.head_office_id, i.source, i.event_id) = (e.head_office_id, e.source, e.event_id)
 WHERE e.account IN ('', %(account)s)
   AND (%(received_by)s::timestamptz IS NULL OR e.received_at <= %(received_by)s)
   AND NOT EXISTS (
       SELECT FROM metering_eventexception x
        WHERE (x.head_office_id, x.source, x.event_id) = (e.head_office_id, e.source, e.event_id)
          AND x.closed_at IS NULL AND x.kind <> 'conflict')
 ORDER BY e.resource, e.time, e.sequence, e.uid
