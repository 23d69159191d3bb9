-- Grain: one row a charge of the rated month, unrounded; a look has no cost side. All of it as text, exact numbers
-- without trailing zeros and instants in UTC: to make a thousand rows into numbers and instants, only to write them
-- down again, takes as long as rating them.
SELECT c.sku, c.resource, trim_scale(c.item_quantity)::text AS item_quantity, trim_scale(c.quantity)::text AS quantity,
       trim_scale(c.unit_price)::text AS unit_price, trim_scale(c.amount)::text AS amount,
       replace(to_char(c.service_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000', '')
           AS service_start,
       replace(to_char(c.service_end AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000', '')
           AS service_end
  FROM (SELECT d.sku, coalesce(r.name, o.code) AS resource, t.item_quantity, t.quantity, t.unit_price, t.amount,
               t.service_start, t.service_end, t.price_id
          FROM target_charge t
          JOIN catalogue_product d ON d.id = t.product_id
          LEFT JOIN metering_resource r ON r.id = t.resource_id
          LEFT JOIN metering_order o ON o.id = t.order_id) c
 ORDER BY c.sku, c.resource NULLS FIRST, c.service_start, c.item_quantity, c.price_id
