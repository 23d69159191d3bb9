-- Grain: one row a stretch of a resource's life in a billed state with the product among its items, cut by the
-- period, in order of time and resource. Reads the working tables rating_period and known_life.
SELECT l.resource_id, r.name AS resource, l.state, item.quantity AS item_quantity,
       l.started_at AS life_start, nullif(l.ended_at, 'infinity') AS life_end,
       greatest(l.started_at, p.period_start) AS started_at, least(l.ended_at, p.count_until) AS ended_at
  FROM rating_period p
  JOIN known_life l USING (account_id)
  JOIN metering_resource r ON r.id = l.resource_id
 CROSS JOIN LATERAL unnest(l.product_ids, l.quantities) AS item(product_id, quantity)
  JOIN catalogue_product d ON d.id = item.product_id AND d.kind = 'time' AND l.state = ANY(d.billed_states)
 WHERE item.product_id = %(product_id)s
   AND (%(item_quantity)s::numeric IS NULL OR item.quantity = %(item_quantity)s::numeric)
   AND l.started_at < p.count_until AND l.ended_at > p.period_start
 ORDER BY 7, 1
