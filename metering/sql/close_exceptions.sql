-- Grain: one row an open exception whose cause is gone. Only exceptions of what was looked at now are judged.
WITH found AS (
    SELECT head_office_id, source, event_id, fault AS kind FROM placed_lifecycle WHERE fault IS NOT NULL
    UNION ALL
    SELECT head_office_id, source, event_id, 'redundant_transition' FROM timeline WHERE redundant
    UNION ALL
    SELECT head_office_id, source, event_id, fault FROM judged_usage WHERE fault IS NOT NULL
), looked_at AS (
    SELECT head_office_id, source, event_id FROM placed_lifecycle
    UNION
    SELECT head_office_id, source, event_id FROM judged_usage
)
UPDATE metering_eventexception x SET closed_at = %(now)s
  FROM looked_at l
 WHERE x.closed_at IS NULL AND x.kind NOT IN ('conflict', 'gap')
   AND (x.head_office_id, x.source, x.event_id) = (l.head_office_id, l.source, l.event_id)
   AND NOT EXISTS (SELECT FROM found f
                    WHERE (f.head_office_id, f.source, f.event_id, f.kind)
                          = (x.head_office_id, x.source, x.event_id, x.kind))
