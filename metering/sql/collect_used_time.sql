-- Grain: one row a stretch of billed time of a resource's item within a period. Where the product rounds
-- stretches, the ones that follow each other without a hole are one.
CREATE TEMP TABLE used_time ON COMMIT DROP AS
WITH stretch AS (
    SELECT p.period_id, l.resource_id, item.product_id, item.quantity AS item_quantity, r.time_rounding,
           greatest(l.started_at, p.period_start) AS started_at, least(l.ended_at, p.count_until) AS ended_at
      FROM rating_period p
      JOIN known_life l USING (account_id)
     CROSS JOIN LATERAL unnest(l.product_ids, l.quantities) AS item(product_id, quantity)
      JOIN catalogue_product r ON r.id = item.product_id AND r.kind = 'time' AND l.state = ANY(r.billed_states)
     WHERE l.started_at < p.count_until AND l.ended_at > p.period_start
), marked AS (
    SELECT *, started_at > lag(ended_at) OVER same_item AS starts_anew
      FROM stretch WHERE time_rounding <> 'exact'
    WINDOW same_item AS (PARTITION BY period_id, resource_id, product_id, item_quantity ORDER BY started_at)
), unbroken AS (
    SELECT *, count(*) FILTER (WHERE starts_anew) OVER (
               PARTITION BY period_id, resource_id, product_id, item_quantity ORDER BY started_at) AS part
      FROM marked
)
SELECT period_id, resource_id, product_id, item_quantity, time_rounding, started_at, ended_at
  FROM stretch WHERE time_rounding = 'exact'
UNION ALL
SELECT period_id, resource_id, product_id, item_quantity, time_rounding, min(started_at), max(ended_at)
  FROM unbroken GROUP BY period_id, resource_id, product_id, item_quantity, time_rounding, part
