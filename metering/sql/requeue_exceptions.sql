-- Grain: one row a batch with an event that an open exception of %(ids)s is about (of a gap: the record after the
-- hole). It waits for mediation again, which looks at its events anew and changes only what differs.
WITH asked AS (
    SELECT * FROM metering_eventexception WHERE id = ANY(%(ids)s) AND closed_at IS NULL
), event AS (
    SELECT i.uid, i.time FROM asked x
      JOIN metering_eventidentity i
        ON (i.head_office_id, i.source, i.event_id) = (x.head_office_id, x.source, x.event_id)
     WHERE x.kind <> 'gap'
    UNION
    SELECT u.uid, u.time FROM asked x
      JOIN metering_usageevent u
        ON u.head_office_id = x.head_office_id AND u.resource = x.resource AND u.time = x.gap_end AND u.sku = x.sku
     WHERE x.kind = 'gap'
)
UPDATE metering_ingestbatch b SET mediated_at = NULL
  FROM (SELECT batch_id FROM event JOIN metering_lifecycleevent USING (uid, time)
        UNION SELECT batch_id FROM event JOIN metering_usageevent USING (uid, time)) again
 WHERE b.id = again.batch_id
