-- Grain: one row a due cycle of an order on one side, with the price in force at the first instant of its billed
-- part: agreed on the order (unit_price), or of a book (price_id). Neither: it has no price.
CREATE TEMP TABLE rated_order ON COMMIT DROP AS
WITH side AS (
    SELECT 'sell' AS side, period_id, account_id, seller_id AS company_id, sell_currency AS currency FROM rating_period
    UNION ALL
    SELECT 'cost', period_id, account_id, buyer_id, cost_currency FROM rating_period WHERE cost_currency IS NOT NULL
), agreed AS (
    SELECT DISTINCT account_id, product_id FROM price_segment WHERE account_id <> 0
), sided AS (
    SELECT s.side, s.account_id, s.company_id, s.currency, o.period_id, o.order_id, o.product_id, o.quantity,
           CASE s.side WHEN 'sell' THEN o.unit_price END AS unit_price, o.cycle_start, o.cycle_started_at,
           o.cycle_ended_at, o.service_start, o.service_end, o.days, o.cycle_days
      FROM due_order o JOIN side s USING (period_id)
)
SELECT s.*, CASE WHEN s.unit_price IS NULL THEN g.price_id END AS price_id
  FROM sided s
  LEFT JOIN agreed a ON a.account_id = s.account_id AND a.product_id = s.product_id AND s.side = 'sell'
  JOIN price_segment g
    ON g.company_id = s.company_id AND g.currency = s.currency AND g.product_id = s.product_id
   AND g.account_id = coalesce(a.account_id, 0) AND g.started_at <= s.service_start AND s.service_start < g.ended_at
