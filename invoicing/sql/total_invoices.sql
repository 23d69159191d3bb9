-- Grain: one row a draft invoice: net is the sum of its rounded lines, tax the sum of its taxes.
UPDATE invoicing_invoice i
   SET net_amount = l.net_amount, tax_amount = t.tax_amount, gross_amount = l.net_amount + t.tax_amount
  FROM (SELECT invoice_id, sum(net_amount) AS net_amount FROM invoicing_invoiceline
         WHERE invoice_id IN (SELECT id FROM invoicing_invoice
                               WHERE account_id = ANY(%(accounts)s) AND month = %(month)s AND state = 'draft')
         GROUP BY invoice_id) l
  JOIN (SELECT invoice_id, sum(tax_amount) AS tax_amount FROM invoicing_invoicetax GROUP BY invoice_id) t
    USING (invoice_id)
 WHERE i.id = l.invoice_id AND i.state = 'draft'
