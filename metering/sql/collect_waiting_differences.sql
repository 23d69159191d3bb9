-- Grain: one row a sell correction of the closed months %(periods)s that waits in an open month; `own_charge_id` is the
-- charge that was billed with the month itself, if there was one. The first charge of an order's cycle corrects nothing
-- wherever it lies (rule 11). The caller holds the months, so rating leaves what is collected as it is.
CREATE TEMP TABLE waiting_difference ON COMMIT DROP AS
SELECT p.id AS period_id, own.id AS own_charge_id, c.*
  FROM metering_accountperiod p
  JOIN metering_charge c ON c.account_id = p.account_id AND c.service_month = p.month
       AND c.month <> c.service_month AND c.settlement = 0 AND c.side = 'sell'
  LEFT JOIN metering_accountperiod lying ON lying.account_id = c.account_id AND lying.month = c.month
  LEFT JOIN metering_charge own
         ON own.account_id = c.account_id AND own.month = p.month AND own.service_month = p.month
        AND own.product_id = c.product_id AND own.side = c.side AND own.kind = c.kind
        AND (own.resource_id, own.price_id, own.item_quantity, own.order_id, own.cycle_start)
            IS NOT DISTINCT FROM (c.resource_id, c.price_id, c.item_quantity, c.order_id, c.cycle_start)
 WHERE p.id = ANY(%(periods)s) AND lying.cutoff IS NULL
   AND (c.cycle_start IS NULL OR EXISTS (
       SELECT FROM metering_charge b
        WHERE b.account_id = c.account_id AND b.side = c.side AND b.product_id = c.product_id
          AND b.order_id IS NOT DISTINCT FROM c.order_id AND b.cycle_start = c.cycle_start AND b.month < c.month))
