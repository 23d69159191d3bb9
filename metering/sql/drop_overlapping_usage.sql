-- Grain: one row a usage record that covers time which a record received earlier covers: it is not billed.
DELETE FROM used_usage w
 USING metering_usageevent c
 WHERE w.may_overlap AND c.uid = w.uid AND c.time = w.time
   AND EXISTS (
       SELECT FROM metering_usageevent o
        WHERE o.head_office_id = c.head_office_id AND o.resource = c.resource AND o.account = c.account
          AND o.sku = c.sku AND o.until > c.time AND o.time < c.until
          AND (o.received_at, o.uid) < (c.received_at, c.uid)
          AND NOT EXISTS (
              SELECT FROM metering_usageevent v
               WHERE (v.head_office_id, v.source, v.voids) = (o.head_office_id, o.source, o.event_id) AND v.voids <> ''
                 AND (%(received_by)s::timestamptz IS NULL OR v.received_at <= %(received_by)s)))
