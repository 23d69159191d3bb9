-- Grain: one row a line of `incoming_control_line` whose event was told before for a day that this delivery, of the
-- days %(days)s of the sources %(sources)s, does not replace; by line.
SELECT i.line, c.day
  FROM incoming_control_line i
  JOIN reconciliation_controlline c ON c.company_id = %(company_id)s
   AND (c.source, c.event_id) = (i.source, i.event_id)
  LEFT JOIN unnest(%(sources)s::text[], %(days)s::date[]) AS told(source, day)
    ON (told.source, told.day) = (c.source, c.day)
 WHERE told.day IS NULL
 ORDER BY i.line
 LIMIT %(at_most)s
