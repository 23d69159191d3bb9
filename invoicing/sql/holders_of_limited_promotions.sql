-- Grain: one row an account of %(accounts)s with a draft invoice of the month that holds a promotion with limited
-- redemptions, as held_promotions finds them.
SELECT DISTINCT i.account_id
  FROM invoicing_invoice i
  JOIN catalogue_promotion_accounts h ON h.account_id = i.account_id
  JOIN catalogue_promotion p ON p.id = h.promotion_id AND p.company_id = i.company_id
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
   AND p.valid_from <= i.month AND (p.valid_to IS NULL OR i.month < p.valid_to)
   AND (p.currency IS NULL OR p.currency = i.currency) AND p.max_redemptions IS NOT NULL
