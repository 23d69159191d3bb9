-- Grain: one row a billing month and account of the company with sell charges that no issued invoice's line and no
-- credit note names, a period after the month's end or later.
SELECT p.month, a.code AS key, a.id AS account_id, '' AS sku, '' AS resource, c.currency AS unit, c.currency,
       NULL::numeric AS quantity, sum(c.net_amount) AS amount, p.period_start AS instant,
       count(*) || ' charges of a month that ended on '
       || to_char(p.period_end AT TIME ZONE a.timezone, 'YYYY-MM-DD') || ' are on no invoice.' AS note
  FROM catalogue_account a
  JOIN metering_accountperiod p ON p.account_id = a.id AND p.period_end + (p.period_end - p.period_start) <= %(at)s
  JOIN metering_charge c ON c.account_id = a.id AND c.month = p.month AND c.side = 'sell'
  LEFT JOIN invoicing_invoiceline l ON l.charge_id = c.id
  LEFT JOIN invoicing_invoice i ON i.id = l.invoice_id AND i.state = 'issued'
 WHERE a.company_id = %(company_id)s AND i.id IS NULL
   AND NOT EXISTS (SELECT FROM invoicing_creditnoteline n WHERE n.charge_id = c.id)
 GROUP BY a.id, p.id, c.currency
HAVING sum(abs(c.net_amount)) > 0
