-- Grain: one row a charge that should lie in an open month and does not yet. remove_unwanted_charges has run, so a
-- charge of the same key is the same charge. A second run adds nothing.
INSERT INTO metering_charge (side, kind, company_id, account_id, month, service_month, resource_id, order_id,
       cycle_start, product_id, item_quantity, price_id, currency, service_start, service_end, quantity, unit_price,
       amount, net_amount)
SELECT w.side, w.kind, w.company_id, w.account_id, w.month, w.service_month, w.resource_id, w.order_id,
       w.cycle_start, w.product_id, w.item_quantity, w.price_id, w.currency, w.service_start, w.service_end,
       w.quantity, w.unit_price, w.amount, w.net_amount
  FROM wanted_charge w
 WHERE NOT EXISTS (
       SELECT FROM metering_charge c
         JOIN rating_period p ON p.account_id = c.account_id AND p.month = c.service_month
        WHERE c.account_id = w.account_id AND c.month = w.month AND c.service_month = w.service_month
          AND c.product_id = w.product_id AND c.side = w.side AND c.kind = w.kind AND c.settlement = 0
          AND coalesce(c.resource_id, 0) = coalesce(w.resource_id, 0)
          AND coalesce(c.price_id, 0) = coalesce(w.price_id, 0)
          AND coalesce(c.item_quantity, -1) = coalesce(w.item_quantity, -1)
          AND coalesce(c.order_id, 0) = coalesce(w.order_id, 0)
          AND coalesce(c.cycle_start, '-infinity') = coalesce(w.cycle_start, '-infinity'))
