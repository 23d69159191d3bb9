-- Grain: one row a lifecycle event of the head office %(head_office)s before %(until)s, as received; instants in
-- microseconds of UTC.
SELECT resource, company_id, source, event_id, (extract(epoch FROM time) * 1000000)::bigint AS time, sequence, type,
       account, items::text AS items, (extract(epoch FROM received_at) * 1000000)::bigint AS received
  FROM metering_lifecycleevent
 WHERE head_office_id = %(head_office)s AND time < %(until)s
