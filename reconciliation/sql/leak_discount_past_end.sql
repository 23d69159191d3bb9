-- Grain: one row a promotion and an issued invoice since %(since)s of a month that begins on or after its end, which it
-- takes something off. Amount: the discounts of the invoice, less what credit notes took of them.
SELECT i.month, concat_ws(' ', m.code, i.number) AS key, i.account_id, '' AS sku, '' AS resource, i.currency AS unit,
       i.currency, NULL::numeric AS quantity, -sum(l.net_amount) AS amount, i.period_start AS instant,
       'The promotion ended on ' || m.valid_to || '.' AS note
  FROM invoicing_invoice i
  JOIN invoicing_redemption r ON r.invoice_id = i.id
  JOIN catalogue_promotion m ON m.id = r.promotion_id AND m.valid_to <= i.month
  JOIN invoicing_invoiceline l ON l.invoice_id = i.id AND l.kind = 'discount'
 WHERE i.company_id = %(company_id)s AND i.state = 'issued' AND i.month >= %(since)s
 GROUP BY i.id, m.id
HAVING sum(l.net_amount) < 0
