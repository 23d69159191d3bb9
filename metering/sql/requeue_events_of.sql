-- Grain: one row a batch with an event of the resource %(resource)s of the head office, or (with none) a record of the
-- account %(account)s without a resource in [%(start)s, %(until)s). It waits for mediation again, which looks at its
-- events anew and changes only what differs; a second run changes nothing.
UPDATE metering_ingestbatch b SET mediated_at = NULL
  FROM (SELECT batch_id FROM metering_lifecycleevent
         WHERE head_office_id = %(head_office)s AND resource = %(resource)s AND %(resource)s <> ''
        UNION
        SELECT batch_id FROM metering_usageevent
         WHERE head_office_id = %(head_office)s AND resource = %(resource)s AND %(resource)s <> ''
           AND time < %(until)s AND coalesce(until, time) >= %(start)s
        UNION
        SELECT batch_id FROM metering_usageevent
         WHERE %(resource)s = '' AND resource = '' AND account = %(account)s
           AND time < %(until)s AND time >= %(start)s) again
 WHERE b.id = again.batch_id
