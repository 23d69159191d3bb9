-- Grain: one row a company, product, country (on the invoice) and currency of what the issued invoices of the months
-- %(first_month)s to %(last_month)s of the companies %(companies)s bill net, and what their credit notes gave back. A
-- discount has no product. The family is the catalogue's.
WITH invoice AS (
    SELECT i.id, s.code AS company, coalesce(i.buyer ->> 'country', '') AS country, i.currency
      FROM invoicing_invoice i JOIN catalogue_company s ON s.id = i.company_id
     WHERE i.state = 'issued' AND i.company_id = ANY(%(companies)s)
       AND i.month BETWEEN %(first_month)s AND %(last_month)s
), line AS (
    SELECT i.company, l.sku, i.country, i.currency, l.net_amount AS invoiced, 0 AS credited
      FROM invoice i JOIN invoicing_invoiceline l ON l.invoice_id = i.id
    UNION ALL
    SELECT i.company, l.sku, i.country, i.currency, 0, l.net_amount
      FROM invoice i
      JOIN invoicing_creditnote n ON n.invoice_id = i.id
      JOIN invoicing_creditnoteline l ON l.credit_note_id = n.id
)
SELECT l.company, l.sku, coalesce(d.name, '') AS name, coalesce(d.family, '') AS family, l.country, l.currency,
       sum(l.invoiced) AS invoiced, sum(l.credited) AS credited
  FROM line l LEFT JOIN catalogue_product d ON d.sku = l.sku
 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 5, 6
