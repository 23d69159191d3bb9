-- Grain: one row a draft invoice of %(accounts)s and month and a promotion that its account holds and that counts in
-- that month and currency, in the order in which promotions count. Limited ones are left out unless
-- %(with_limited)s; then the caller holds their locks.
SELECT p.id AS promotion_id, i.id AS invoice_id
  FROM invoicing_invoice i
  JOIN catalogue_promotion_accounts h ON h.account_id = i.account_id
  JOIN catalogue_promotion p ON p.id = h.promotion_id AND p.company_id = i.company_id
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
   AND p.valid_from <= i.month AND (p.valid_to IS NULL OR i.month < p.valid_to)
   AND (p.currency IS NULL OR p.currency = i.currency)
   AND (p.max_redemptions IS NULL OR (%(with_limited)s AND p.redemptions < p.max_redemptions))
 ORDER BY p.position, p.code, p.id, i.id
