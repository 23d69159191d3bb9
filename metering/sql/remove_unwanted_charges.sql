-- Grain: one row a charge of the rated months that lies in an open month, unsettled, and should not, or not so.
-- A second run over unchanged input removes nothing.
DELETE FROM metering_charge c
 USING rating_period p
 WHERE c.account_id = p.account_id AND c.service_month = p.month AND c.settlement = 0
   AND NOT EXISTS (SELECT FROM metering_accountperiod lying
                    WHERE lying.account_id = c.account_id AND lying.month = c.month AND lying.cutoff IS NOT NULL)
   AND NOT EXISTS (
       SELECT FROM wanted_charge w
        WHERE w.account_id = c.account_id AND w.product_id = c.product_id AND w.service_month = c.service_month
          AND (w.month, w.side, w.kind, w.company_id, w.resource_id, w.order_id, w.cycle_start, w.item_quantity,
               w.price_id, w.currency, w.service_start, w.service_end, w.quantity, w.unit_price, w.amount,
               w.net_amount)
              IS NOT DISTINCT FROM
              (c.month, c.side, c.kind, c.company_id, c.resource_id, c.order_id, c.cycle_start, c.item_quantity,
               c.price_id, c.currency, c.service_start, c.service_end, c.quantity, c.unit_price, c.amount,
               c.net_amount))
