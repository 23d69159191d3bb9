-- Grain: one row an order of which the cycle %(cycle_start)s of a product is due: the one of a charge, or (null) each
-- that it may pool. Reads the working table due_order.
SELECT o.id, o.code, o.started_on, o.ended_on, d.quantity, d.unit_price, d.service_start, d.service_end, d.days,
       d.cycle_days
  FROM due_order d
  JOIN metering_order o ON o.id = d.order_id
 WHERE d.product_id = %(product_id)s AND d.cycle_start = %(cycle_start)s
   AND (%(order_id)s::bigint IS NULL OR d.order_id = %(order_id)s::bigint)
 ORDER BY o.code
