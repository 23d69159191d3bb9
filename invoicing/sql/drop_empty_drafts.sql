-- Grain: one row a draft invoice of %(accounts)s and month that has no lines any more: no lines, no invoice.
DELETE FROM invoicing_invoice i
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
   AND NOT EXISTS (SELECT FROM invoicing_invoiceline l WHERE l.invoice_id = i.id)
