-- Grain: one row a usage record of a charge with its event, after (time, uid) of the last page, in this order.
SELECT e.uid, e.time, e.until, e.received_at, e.numerator, e.denominator, u.source, u.event_id, u.company_id,
       u.resource, u.sku, u.quantity, u.unit, u.payload, i.content_hash
  FROM explained_record e
  JOIN metering_usageevent u ON u.uid = e.uid AND u.time = e.time
  LEFT JOIN metering_eventidentity i
    ON (i.head_office_id, i.source, i.event_id) = (u.head_office_id, u.source, u.event_id)
 WHERE %(after_time)s::timestamptz IS NULL OR (e.time, e.uid) > (%(after_time)s::timestamptz, %(after_uid)s::uuid)
 ORDER BY e.time, e.uid
 LIMIT %(limit)s
