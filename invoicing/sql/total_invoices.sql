-- Grain: one row a draft invoice: net is the sum of its rounded lines, which is that of the taxable sums of its
-- categories (each has a tax, at 0 if there is no rate); tax is the sum of its taxes.
UPDATE invoicing_invoice i
   SET net_amount = t.net_amount, tax_amount = t.tax_amount, gross_amount = t.net_amount + t.tax_amount
  FROM (SELECT invoice_id, sum(taxable_amount) AS net_amount, sum(tax_amount) AS tax_amount
          FROM (SELECT x.invoice_id, max(x.taxable_amount) AS taxable_amount, sum(x.tax_amount) AS tax_amount
                  FROM invoicing_invoice d
                  JOIN invoicing_invoicetax x ON x.invoice_id = d.id
                 WHERE d.account_id = ANY(%(accounts)s) AND d.month = %(month)s AND d.state = 'draft'
                 GROUP BY x.invoice_id, x.category) categories
         GROUP BY invoice_id) t
 WHERE i.id = t.invoice_id AND i.state = 'draft'
