-- Grain: one row a resource, order (or account) and product that a rating could not price. Reads the working tables
-- of the rating before it in the same transaction. A second run adds nothing.
INSERT INTO metering_eventexception
       (kind, key, head_office_id, company_id, account_id, resource, source, event_id, sku, month, opened_at)
SELECT 'no_price', concat_ws(' ', p.account, q.resource, d.sku), coalesce(p.buyer_id, p.seller_id), p.seller_id,
       p.account_id, coalesce(q.resource, ''), '', '', d.sku, min(p.month), %(now)s
  FROM (
    SELECT q.period_id, q.product_id, r.name AS resource
      FROM rated_quantity q LEFT JOIN metering_resource r ON r.id = q.resource_id
     WHERE q.side = 'sell' AND q.price_id IS NULL AND q.numerator > 0
    UNION ALL
    SELECT q.period_id, q.product_id, o.code
      FROM rated_order q JOIN metering_order o ON o.id = q.order_id
     WHERE q.side = 'sell' AND q.price_id IS NULL AND q.unit_price IS NULL
  ) q
  JOIN rating_period p USING (period_id)
  JOIN catalogue_product d ON d.id = q.product_id
 GROUP BY p.account, q.resource, d.sku, p.buyer_id, p.seller_id, p.account_id
 ORDER BY p.account, q.resource, d.sku
    ON CONFLICT DO NOTHING
