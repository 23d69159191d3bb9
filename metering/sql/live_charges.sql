-- Grain: one row a sell charge of the rated month, unrounded; no true-ups.
SELECT d.sku, coalesce(r.name, o.code) AS resource, t.item_quantity, t.quantity, t.unit_price, t.amount, t.currency, t.service_start,
       t.service_end, t.price_id
  FROM target_charge t
  JOIN catalogue_product d ON d.id = t.product_id
  LEFT JOIN metering_resource r ON r.id = t.resource_id
  LEFT JOIN metering_order o ON o.id = t.order_id
 WHERE t.side = 'sell' AND t.kind = 'charge'
 ORDER BY d.sku, coalesce(r.name, o.code) NULLS FIRST, t.service_start, t.item_quantity, t.price_id
