-- Grain: one row a line of `incoming_control_line` whose event stands on an earlier line, too, by line.
SELECT line, first_line
  FROM (SELECT line, min(line) OVER (PARTITION BY source, event_id) AS first_line FROM incoming_control_line) l
 WHERE line > first_line
 ORDER BY line
 LIMIT %(at_most)s
