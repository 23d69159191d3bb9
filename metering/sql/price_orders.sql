-- Grain: one row a cycle of an order as it should be charged, or (scope account) of all orders of the account with
-- that price and cycle. The fee is what the price makes of the quantity, as price_quantities does for what was used;
-- what is due of it is its share of days, weighted by quantity where there are several orders. Quantities of such a
-- weight are counted in their smallest unit, so that no decimals are lost. Rounded from the exact value, once.
INSERT INTO target_charge
WITH shared AS (
    SELECT r.*, x.scope IS NOT DISTINCT FROM 'account' AS pooled,
           lcm_of(r.cycle_days) OVER (PARTITION BY r.side, r.period_id, r.product_id, r.price_id, r.cycle_start,
               CASE WHEN x.scope = 'account' THEN NULL ELSE r.order_id END) AS common_days,
           trunc(r.quantity * 1000000000000) AS weight
      FROM rated_order r LEFT JOIN catalogue_price x ON x.id = r.price_id
     WHERE r.price_id IS NOT NULL OR r.unit_price IS NOT NULL
), charge AS (
    SELECT side, period_id, company_id, currency, CASE WHEN pooled THEN NULL ELSE order_id END AS order_id,
           product_id, price_id, unit_price, cycle_start, min(cycle_started_at) AS cycle_started_at,
           max(cycle_ended_at) AS cycle_ended_at, min(service_start) AS service_start,
           max(service_end) AS service_end, sum(quantity) AS quantity,
           sum(weight * days * div(common_days, cycle_days)) AS due, sum(weight) * common_days AS whole
      FROM shared
     GROUP BY side, period_id, company_id, currency, 5, product_id, price_id, unit_price, cycle_start, common_days
)
SELECT c.side, 'charge', c.company_id, p.account_id, p.month, p.bill_month, p.is_closed, NULL, c.order_id,
       c.cycle_start, c.product_id, NULL, c.price_id, c.currency, c.service_start, c.service_end,
       c.cycle_started_at, c.cycle_ended_at, c.quantity,
       CASE WHEN c.price_id IS NULL THEN c.unit_price WHEN x.model = 'per_unit' THEN x.unit_price END,
       half_up(f.fee * c.due, c.whole, 12),
       half_up(f.fee * c.due, c.whole, CASE c.side WHEN 'sell' THEN p.sell_places ELSE p.cost_places END)
  FROM charge c
  JOIN rating_period p USING (period_id)
  LEFT JOIN catalogue_price x ON x.id = c.price_id
 CROSS JOIN LATERAL (SELECT greatest(c.quantity - x.included, 0) AS charged OFFSET 0) b
 CROSS JOIN LATERAL (
    SELECT CASE
        WHEN c.price_id IS NULL THEN c.quantity * c.unit_price
        WHEN x.model = 'per_unit' THEN b.charged * x.unit_price
        WHEN x.model = 'flat' THEN CASE WHEN b.charged > 0 THEN x.fee ELSE 0 END
        WHEN x.model = 'graduated' THEN (
            SELECT sum(greatest(least(b.charged, coalesce(t.up_to, b.charged)) - t.lower, 0) * t.unit_price
                       + CASE WHEN b.charged > t.lower THEN t.flat_fee ELSE 0 END)
              FROM catalogue_pricetier t WHERE t.price_id = x.id)
        WHEN x.model = 'package' THEN x.package_price
            * (div(b.charged, x.package_size) + CASE WHEN mod(b.charged, x.package_size) > 0 THEN 1 ELSE 0 END)
        WHEN x.model = 'percentage' THEN b.charged * x.percent * 0.01
        ELSE coalesce((
            SELECT b.charged * CASE x.model WHEN 'volume' THEN t.unit_price ELSE 0 END + t.flat_fee
              FROM catalogue_pricetier t
             WHERE t.price_id = x.id AND b.charged > t.lower AND (t.up_to IS NULL OR b.charged <= t.up_to)), 0)
        END AS fee OFFSET 0) u
 CROSS JOIN LATERAL (SELECT least(u.fee, coalesce(x.cap, u.fee)) AS fee OFFSET 0) f
