-- Grain: one row a line of `incoming_control_line` that is new, or other than what stands. A second run stores none.
INSERT INTO reconciliation_controlline AS c (company_id, source, event_id, day, resource, hour, quantity)
SELECT %(company_id)s, source, event_id, day, resource, hour, quantity FROM incoming_control_line
    ON CONFLICT (company_id, source, event_id) DO UPDATE
   SET day = excluded.day, resource = excluded.resource, hour = excluded.hour, quantity = excluded.quantity
 WHERE (c.day, c.resource, c.hour, c.quantity)
       IS DISTINCT FROM (excluded.day, excluded.resource, excluded.hour, excluded.quantity)
