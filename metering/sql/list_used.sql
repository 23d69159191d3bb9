-- Grain: one row a stretch of billed time of a resource's item, or a usage record, within the months to rate; in
-- order of resource, product and time. Reads the working tables rating_period, known_life and used_usage. A usage
-- record's quantity is quantity x numerator / denominator in the product's unit.
SELECT coalesce(u.resource, '') AS resource, d.sku, d.unit, u.state, u.started_at, u.ended_at, u.quantity,
       u.numerator, u.denominator, u.record
  FROM (
    SELECT r.name AS resource, item.product_id, l.state, greatest(l.started_at, p.period_start) AS started_at,
           least(l.ended_at, p.count_until) AS ended_at, item.quantity, 1::numeric AS numerator,
           1::numeric AS denominator, '' AS record
      FROM rating_period p
      JOIN known_life l USING (account_id)
      JOIN metering_resource r ON r.id = l.resource_id
     CROSS JOIN LATERAL unnest(l.product_ids, l.quantities) AS item(product_id, quantity)
      JOIN catalogue_product t ON t.id = item.product_id AND t.kind = 'time' AND l.state = ANY(t.billed_states)
     WHERE l.started_at < p.count_until AND l.ended_at > p.period_start
     UNION ALL
    SELECT r.name, w.product_id, '', w.time, w.until, w.quantity, w.numerator, w.denominator, e.event_id
      FROM used_usage w
      JOIN metering_usageevent e ON e.uid = w.uid AND e.time = w.time
      LEFT JOIN metering_resource r ON r.id = w.resource_id
  ) u
  JOIN catalogue_product d ON d.id = u.product_id
 ORDER BY 1, 2, u.started_at, u.record
