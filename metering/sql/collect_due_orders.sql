-- Grain: one row a cycle of an order (or the day of a one-time item) that is due within a period to rate and by the
-- instant until which it counts, with the days of its billed part and of the whole cycle.
CREATE TEMP TABLE due_order ON COMMIT DROP AS
SELECT p.period_id, o.id AS order_id, o.product_id, o.quantity, o.unit_price, c.cycle_start,
       local_midnight(c.cycle_start, p.timezone) AS cycle_started_at,
       local_midnight(c.cycle_end, p.timezone) AS cycle_ended_at,
       local_midnight(c.part_start, p.timezone) AS service_start,
       local_midnight(c.part_end, p.timezone) AS service_end,
       CASE d.proration WHEN 'none' THEN c.cycle_end - c.cycle_start ELSE c.part_end - c.part_start END AS days,
       c.cycle_end - c.cycle_start AS cycle_days
  FROM rating_period p
  JOIN metering_order o USING (account_id)
  JOIN catalogue_product d ON d.id = o.product_id AND d.kind IN ('recurring', 'one_time')
 CROSS JOIN LATERAL order_cycles_due(p.month, o.started_on, o.charged_from, o.ended_on, d.cycle, d.in_advance) c
 WHERE least(local_midnight(c.due_on, p.timezone), p.period_end) <= p.count_until
