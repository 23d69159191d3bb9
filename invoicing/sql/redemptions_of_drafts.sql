-- Grain: one row a promotion, with how many draft invoices of %(accounts)s and month it takes something off.
SELECT r.promotion_id, count(*) AS times
  FROM invoicing_invoice i
  JOIN invoicing_redemption r ON r.invoice_id = i.id
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
 GROUP BY r.promotion_id
