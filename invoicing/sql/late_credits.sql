-- Grain: one row a closed month whose corrections (waiting_difference) as a whole become a credit note of the month's
-- own issued invoice (rule 8): they give something back, and no more than is left of the invoice, of it all and of each
-- tax category. The caller holds the locks of the months and of their invoices. Gives the new credit notes their ids.
WITH correction AS (
    SELECT w.period_id AS period, i.id AS invoice, i.net_amount AS invoiced,
           treated_category(d.tax_category, i.buyer #>> '{tax_treatment,category}') AS category,
           -sum(w.net_amount) AS net_amount
      FROM waiting_difference w
      JOIN invoicing_invoice i ON i.account_id = w.account_id AND i.month = w.service_month AND i.state = 'issued'
           AND i.currency = w.currency
      JOIN catalogue_product d ON d.id = w.product_id
     GROUP BY w.period_id, i.id, i.net_amount, 4
), credited AS (
    SELECT i.invoice, l.tax_category AS category, sum(l.net_amount) AS net_amount
      FROM (SELECT DISTINCT invoice FROM correction) i
      JOIN invoicing_creditnote n ON n.invoice_id = i.invoice
      JOIN invoicing_creditnoteline l ON l.credit_note_id = n.id
     GROUP BY i.invoice, l.tax_category
), taxed AS (
    SELECT t.invoice_id AS invoice, t.category, max(t.taxable_amount) AS net_amount
      FROM invoicing_invoicetax t
     WHERE t.invoice_id IN (SELECT invoice FROM correction)
     GROUP BY t.invoice_id, t.category
)
SELECT gen_random_uuid() AS credit_note, c.invoice, c.period
  FROM correction c
  LEFT JOIN taxed t ON t.invoice = c.invoice AND t.category = c.category
  LEFT JOIN credited k ON k.invoice = c.invoice AND k.category = c.category
 GROUP BY c.period, c.invoice, c.invoiced
HAVING sum(c.net_amount) > 0
   AND sum(c.net_amount) <= c.invoiced - coalesce((SELECT sum(net_amount) FROM credited a WHERE a.invoice = c.invoice), 0)
   AND bool_and(coalesce(c.net_amount <= t.net_amount - coalesce(k.net_amount, 0), false))
 ORDER BY c.period
