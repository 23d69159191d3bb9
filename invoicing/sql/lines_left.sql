-- Grain: one row a line of the invoice %(invoice)s, with its net less what was credited of it; and one row for what
-- credit notes charged beside its lines (late corrections may), as what is left of it. In no order.
WITH credited AS (
    SELECT l.* FROM invoicing_creditnoteline l JOIN invoicing_creditnote n ON n.id = l.credit_note_id
     WHERE n.invoice_id = %(invoice)s
)
SELECT l.id AS line_id, l.product_id, l.sku, l.description, l.family, l.resource, l.service_start, l.service_end,
       l.unit, l.tax_category, l.net_amount - coalesce(c.net_amount, 0) AS "left"
  FROM invoicing_invoiceline l
  LEFT JOIN (SELECT invoice_line_id, sum(net_amount) AS net_amount FROM credited GROUP BY invoice_line_id) c
         ON c.invoice_line_id = l.id
 WHERE l.invoice_id = %(invoice)s
UNION ALL
SELECT NULL, product_id, sku, description, family, resource, service_start, service_end, unit, tax_category,
       -sum(net_amount)
  FROM credited WHERE invoice_line_id IS NULL
 GROUP BY product_id, sku, description, family, resource, service_start, service_end, unit, tax_category
HAVING sum(net_amount) <> 0
