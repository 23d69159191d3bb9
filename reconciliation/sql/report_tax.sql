-- Grain: one row a company, country (on the document), category, tax, percent and currency of the taxes of the invoices
-- and credit notes that the companies %(companies)s issued on the days %(first_on)s to %(last_on)s, both included.
WITH tax AS (
    SELECT i.company_id, i.buyer, i.currency, t.category, t.name, t.percent, t.taxable_amount AS invoiced_taxable,
           t.tax_amount AS invoiced_tax, 0 AS credited_taxable, 0 AS credited_tax
      FROM invoicing_invoice i JOIN invoicing_invoicetax t ON t.invoice_id = i.id
     WHERE i.state = 'issued' AND i.company_id = ANY(%(companies)s)
       AND i.issued_on BETWEEN %(first_on)s AND %(last_on)s
    UNION ALL
    SELECT n.company_id, n.buyer, n.currency, t.category, t.name, t.percent, 0, 0, t.taxable_amount, t.tax_amount
      FROM invoicing_creditnote n JOIN invoicing_creditnotetax t ON t.credit_note_id = n.id
     WHERE n.company_id = ANY(%(companies)s) AND n.issued_on BETWEEN %(first_on)s AND %(last_on)s
)
SELECT s.code AS company, coalesce(t.buyer ->> 'country', '') AS country, t.category, t.name, t.percent, t.currency,
       sum(t.invoiced_taxable) AS invoiced_taxable, sum(t.invoiced_tax) AS invoiced_tax,
       sum(t.credited_taxable) AS credited_taxable, sum(t.credited_tax) AS credited_tax
  FROM tax t JOIN catalogue_company s ON s.id = t.company_id
 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
