-- Grain: one row an open conflict whose standing record was looked at now and is void: nothing of it is billed.
UPDATE metering_eventexception x SET closed_at = %(now)s
  FROM judged_usage j
 WHERE x.closed_at IS NULL AND x.kind = 'conflict'
   AND (x.head_office_id, x.source, x.event_id) = (j.head_office_id, j.source, j.event_id)
   AND EXISTS (SELECT FROM metering_usageevent v
                WHERE (v.head_office_id, v.source, v.voids) = (j.head_office_id, j.source, j.event_id)
                  AND v.voids <> ''
                  AND v.company_id IN (j.company_id, j.head_office_id))
