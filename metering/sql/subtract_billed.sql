-- Grain: one row a charge that should lie in an open month: of an open month the charge itself, of a closed one
-- the difference between what it should have been and what was billed of it (rule 8): its charges that lie in closed
-- months, and those that were settled before their month is closed. The service period of a difference is the closed
-- month, or the whole cycle of an order; a cycle that was never charged keeps its part.
CREATE TEMP TABLE wanted_charge ON COMMIT DROP AS
WITH billed AS (
    SELECT c.side, c.kind, c.company_id, c.account_id, c.service_month AS month, p.bill_month, c.resource_id,
           c.order_id, c.cycle_start, c.product_id, c.item_quantity, c.price_id, c.currency, p.timezone,
           p.period_start, p.period_end, -sum(c.quantity) AS quantity, max(c.unit_price) AS unit_price,
           -sum(c.amount) AS amount, -sum(c.net_amount) AS net_amount
      FROM rating_period p
      JOIN metering_charge c ON c.account_id = p.account_id AND c.service_month = p.month
      LEFT JOIN metering_accountperiod lying
        ON lying.account_id = c.account_id AND lying.month = c.month
     WHERE p.is_closed AND (lying.cutoff IS NOT NULL OR c.settlement <> 0)
     GROUP BY c.side, c.kind, c.company_id, c.account_id, c.service_month, p.bill_month, c.resource_id, c.order_id,
              c.cycle_start, c.product_id, c.item_quantity, c.price_id, c.currency, p.timezone, p.period_start,
              p.period_end
), placed AS (
    -- A cycle's end is counted from the order's start: 29 February comes back only so.
    SELECT b.side, b.kind, b.company_id, b.account_id, b.month, b.bill_month, b.resource_id, b.order_id, b.cycle_start,
           b.product_id, b.item_quantity, b.price_id, b.currency, b.quantity, b.unit_price, b.amount, b.net_amount,
           CASE WHEN b.cycle_start IS NULL THEN b.period_start
                ELSE local_midnight(b.cycle_start, b.timezone) END AS period_start,
           CASE WHEN b.cycle_start IS NULL THEN b.period_end
                ELSE local_midnight(CASE d.cycle
                    WHEN 'monthly' THEN (b.cycle_start + interval '1 month')::date
                    WHEN 'annual' THEN (coalesce(o.started_on, b.cycle_start) + make_interval(years => 1
                        + extract(year FROM b.cycle_start)::integer
                        - extract(year FROM coalesce(o.started_on, b.cycle_start))::integer))::date
                    ELSE b.cycle_start + 1 END, b.timezone) END AS period_end
      FROM billed b
      LEFT JOIN metering_order o ON o.id = b.order_id
      LEFT JOIN catalogue_product d ON d.id = b.product_id AND b.cycle_start IS NOT NULL
), difference AS (
    SELECT side, kind, company_id, account_id, month, bill_month, resource_id, order_id, cycle_start, product_id,
           item_quantity, price_id, currency,
           min(period_start) AS period_start, max(period_end) AS period_end, min(service_start) AS service_start,
           max(service_end) AS service_end,
           cycle_start IS NOT NULL AND NOT bool_or(bool_or(was_billed)) OVER (
               PARTITION BY side, account_id, product_id, order_id, cycle_start) AS is_new_cycle,
           sum(quantity) AS quantity, max(unit_price) AS unit_price, sum(amount) AS amount,
           sum(net_amount) AS net_amount
      FROM (
        SELECT side, kind, company_id, account_id, month, bill_month, resource_id, order_id, cycle_start, product_id,
               item_quantity, price_id, currency, service_start, service_end, period_start, period_end, quantity,
               unit_price, amount, net_amount, false AS was_billed
          FROM target_charge WHERE is_closed
        UNION ALL
        SELECT side, kind, company_id, account_id, month, bill_month, resource_id, order_id, cycle_start, product_id,
               item_quantity, price_id, currency, NULL, NULL, period_start, period_end, quantity, unit_price, amount,
               net_amount, true
          FROM placed
      ) both_sides
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
)
SELECT side, kind, company_id, account_id, bill_month AS month, month AS service_month, resource_id, order_id,
       cycle_start, product_id, item_quantity, price_id, currency, service_start, service_end, quantity, unit_price,
       amount, net_amount
  FROM target_charge WHERE NOT is_closed
UNION ALL
SELECT side, kind, company_id, account_id, bill_month, month, resource_id, order_id, cycle_start, product_id,
       item_quantity, price_id, currency, CASE WHEN is_new_cycle THEN service_start ELSE period_start END,
       CASE WHEN is_new_cycle THEN service_end ELSE period_end END, quantity, unit_price, amount, net_amount
  FROM difference WHERE quantity <> 0 OR net_amount <> 0
