-- Grain: one row a sell charge since %(since)s of time beyond the end of its resource, or of usage of a month that
-- begins after it, that was not taken back by a correction or a credit note. Months that wait for rating are left out.
SELECT c.service_month AS month, concat_ws(' ', a.code, d.sku, n.name) AS key, c.account_id, d.sku, n.name AS resource,
       c.currency AS unit, c.currency, NULL::numeric AS quantity,
       half_up((c.net_amount - coalesce(k.net_amount, 0))
               * extract(epoch FROM c.service_end - greatest(c.service_start, n.ended_at)),
               extract(epoch FROM c.service_end - c.service_start), m.minor_units::integer) AS amount,
       c.service_start AS instant,
       'It ended at ' || to_char(n.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC and is billed until '
       || to_char(c.service_end AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || '.' AS note
  FROM catalogue_account a
  JOIN metering_charge c ON c.account_id = a.id AND c.side = 'sell' AND c.kind = 'charge'
   AND c.month = c.service_month AND c.month >= %(since)s
  JOIN metering_accountperiod p ON p.account_id = a.id AND p.month = c.month AND NOT p.stale
  JOIN metering_resource n ON n.id = c.resource_id
  JOIN catalogue_product d ON d.id = c.product_id
  JOIN catalogue_currency m ON m.code = c.currency
  LEFT JOIN invoicing_invoiceline l ON l.charge_id = c.id
  LEFT JOIN LATERAL (SELECT sum(net_amount) AS net_amount FROM invoicing_creditnoteline
                      WHERE invoice_line_id = l.id) k ON true
 WHERE a.company_id = %(company_id)s
   AND (d.kind = 'time' AND n.ended_at < c.service_end OR n.ended_at <= c.service_start)
   AND c.net_amount > coalesce(k.net_amount, 0)
   AND NOT EXISTS (SELECT FROM metering_charge x
                    WHERE x.account_id = c.account_id AND x.service_month = c.service_month AND x.month > c.month
                      AND x.side = 'sell' AND x.product_id = c.product_id AND x.resource_id = c.resource_id
                      AND x.net_amount < 0)
