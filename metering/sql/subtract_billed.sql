-- Grain: one row a charge that should lie in an open month: of an open month the charge itself, of a closed one
-- the difference between what it should have been and what its closed charges billed (rule 8).
CREATE TEMP TABLE wanted_charge ON COMMIT DROP AS
WITH billed AS (
    SELECT c.side, c.kind, c.company_id, c.account_id, c.service_month AS month, p.bill_month, c.resource_id,
           c.order_id, c.cycle_start, c.product_id, c.item_quantity, c.price_id, c.currency, p.period_start,
           p.period_end, -sum(c.quantity) AS quantity, max(c.unit_price) AS unit_price, -sum(c.amount) AS amount,
           -sum(c.net_amount) AS net_amount
      FROM rating_period p
      JOIN metering_charge c ON c.account_id = p.account_id AND c.service_month = p.month
      JOIN metering_accountperiod lying
        ON lying.account_id = c.account_id AND lying.month = c.month AND lying.cutoff IS NOT NULL
     WHERE p.is_closed
     GROUP BY c.side, c.kind, c.company_id, c.account_id, c.service_month, p.bill_month, c.resource_id, c.order_id,
              c.cycle_start, c.product_id, c.item_quantity, c.price_id, c.currency, p.period_start, p.period_end
), difference AS (
    SELECT side, kind, company_id, account_id, month, bill_month, resource_id, order_id, cycle_start, product_id,
           item_quantity, price_id, currency, period_start AS service_start, period_end AS service_end,
           sum(quantity) AS quantity, max(unit_price) AS unit_price, sum(amount) AS amount,
           sum(net_amount) AS net_amount
      FROM (
        SELECT side, kind, company_id, account_id, month, bill_month, resource_id, order_id, cycle_start, product_id,
               item_quantity, price_id, currency, period_start, period_end, quantity, unit_price, amount, net_amount
          FROM target_charge WHERE is_closed
        UNION ALL
        SELECT side, kind, company_id, account_id, month, bill_month, resource_id, order_id, cycle_start, product_id,
               item_quantity, price_id, currency, period_start, period_end, quantity, unit_price, amount, net_amount
          FROM billed
      ) both_sides
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
)
SELECT side, kind, company_id, account_id, bill_month AS month, month AS service_month, resource_id, order_id,
       cycle_start, product_id, item_quantity, price_id, currency, service_start, service_end, quantity, unit_price,
       amount, net_amount
  FROM target_charge WHERE NOT is_closed
UNION ALL
SELECT side, kind, company_id, account_id, bill_month, month, resource_id, order_id, cycle_start, product_id,
       item_quantity, price_id, currency, service_start, service_end, quantity, unit_price, amount, net_amount
  FROM difference WHERE quantity <> 0 OR net_amount <> 0
