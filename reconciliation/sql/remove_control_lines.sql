-- Grain: one row a control line of the days %(days)s of the sources %(sources)s that `incoming_control_line` does not
-- have. The company's row is locked.
DELETE FROM reconciliation_controlline c
 USING unnest(%(sources)s::text[], %(days)s::date[]) AS told(source, day)
 WHERE c.company_id = %(company_id)s AND (c.source, c.day) = (told.source, told.day)
   AND NOT EXISTS (SELECT FROM incoming_control_line i WHERE (i.source, i.event_id) = (c.source, c.event_id))
