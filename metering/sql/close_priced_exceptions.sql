-- Grain: one row an open no_price exception whose month was rated now and is priced.
UPDATE metering_eventexception x SET closed_at = %(now)s
  FROM rating_period p
 WHERE x.closed_at IS NULL AND x.kind = 'no_price' AND x.account_id = p.account_id AND x.month = p.month
   AND NOT EXISTS (
       SELECT FROM rated_quantity q
         JOIN catalogue_product d ON d.id = q.product_id
         LEFT JOIN metering_resource r ON r.id = q.resource_id
        WHERE q.period_id = p.period_id AND q.side = 'sell' AND q.price_id IS NULL AND q.numerator > 0
          AND d.sku = x.sku AND coalesce(r.name, '') = x.resource)
   AND NOT EXISTS (
       SELECT FROM rated_order q
         JOIN catalogue_product d ON d.id = q.product_id
         JOIN metering_order o ON o.id = q.order_id
        WHERE q.period_id = p.period_id AND q.side = 'sell' AND q.price_id IS NULL AND q.unit_price IS NULL
          AND d.sku = x.sku AND o.code = x.resource)
