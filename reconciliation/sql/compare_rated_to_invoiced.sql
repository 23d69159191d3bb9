-- Grain: one row a sell charge that lies in %(month)s of the company's accounts, where it is closed, beside its
-- invoice line: net amounts. A line that names no such charge stands alone; if several name one, they count together.
-- Of a settled correction the line is the credit note's, where what is credited is positive.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH charge AS (
    SELECT c.id, a.code AS account, p.sku, coalesce(r.name, o.code, '') AS resource, c.net_amount
      FROM metering_accountperiod m
      JOIN catalogue_account a ON a.id = m.account_id AND a.company_id = %(company_id)s
      JOIN metering_charge c ON c.account_id = m.account_id AND c.month = m.month AND c.side = 'sell'
      JOIN catalogue_product p ON p.id = c.product_id
      LEFT JOIN metering_resource r ON r.id = c.resource_id
      LEFT JOIN metering_order o ON o.id = c.order_id
     WHERE m.month = %(month)s AND m.cutoff IS NOT NULL
), line AS (
    SELECT l.charge_id, a.code AS account, l.sku, l.resource, l.net_amount, i.number, l.position
      FROM invoicing_invoice i
      JOIN catalogue_account a ON a.id = i.account_id
      JOIN invoicing_invoiceline l ON l.invoice_id = i.id AND l.kind <> 'discount'
     WHERE i.company_id = %(company_id)s AND i.month = %(month)s
     UNION ALL
    SELECT l.charge_id, c.account, l.sku, l.resource, -l.net_amount, n.number, l.position
      FROM charge c
      JOIN invoicing_creditnoteline l ON l.charge_id = c.id
      JOIN invoicing_creditnote n ON n.id = l.credit_note_id
)
SELECT coalesce(c.account, min(l.account)) AS account, coalesce(c.sku, min(l.sku)) AS sku,
       coalesce(c.resource, min(l.resource)) AS resource,
       CASE WHEN c.id IS NULL THEN 'line ' || l.number || ' ' || l.position ELSE 'charge ' || c.id END AS key,
       c.net_amount AS first, sum(l.net_amount) AS second
  FROM charge c FULL JOIN line l ON l.charge_id = c.id
 GROUP BY c.id, c.account, c.sku, c.resource, c.net_amount, 4
