-- Grain: one row a charge below its price's minimum: what makes it up, the minimum less the rounded amount.
INSERT INTO target_charge
SELECT t.side, 'true_up', t.company_id, t.account_id, t.month, t.bill_month, t.is_closed, t.resource_id, t.order_id,
       t.cycle_start, t.product_id, t.item_quantity, t.price_id, t.currency, t.service_start, t.service_end,
       t.period_start, t.period_end, 0, NULL, m.minimum - t.net_amount, m.minimum - t.net_amount
  FROM target_charge t
  JOIN catalogue_price x ON x.id = t.price_id AND x.minimum IS NOT NULL
  JOIN catalogue_currency c ON c.code = t.currency
 CROSS JOIN LATERAL (SELECT half_up(x.minimum, 1, c.minor_units::integer) AS minimum) m
 WHERE m.minimum > t.net_amount
