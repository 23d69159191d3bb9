-- Grain: one row a charge that should lie in an open month and does not yet. A second run adds nothing.
INSERT INTO metering_charge (side, kind, company_id, account_id, month, service_month, resource_id, order_id,
       cycle_start, product_id, item_quantity, price_id, currency, service_start, service_end, quantity, unit_price,
       amount, net_amount)
SELECT w.side, w.kind, w.company_id, w.account_id, w.month, w.service_month, w.resource_id, w.order_id,
       w.cycle_start, w.product_id, w.item_quantity, w.price_id, w.currency, w.service_start, w.service_end,
       w.quantity, w.unit_price, w.amount, w.net_amount
  FROM wanted_charge w
    ON CONFLICT DO NOTHING
