-- Grain: one row a draft invoice and a promotion of %(promotions)s that may take something off it, with the round in
-- which it does (%(rounds)s, side by side with the promotions). What `held_promotions` lists.
CREATE TEMP TABLE held_promotion ON COMMIT DROP AS
SELECT r.round, i.id AS invoice_id, a.code AS account, c.minor_units::integer AS places, p.id AS promotion_id,
       p.percent, p.amount, p.max_redemptions - p.redemptions AS redemptions_left, p.families,
       ARRAY(SELECT s.product_id FROM catalogue_promotion_products s WHERE s.promotion_id = p.id) AS products
  FROM unnest(%(promotions)s::bigint[], %(rounds)s::integer[]) AS r(promotion_id, round)
  JOIN catalogue_promotion p ON p.id = r.promotion_id
  JOIN catalogue_promotion_accounts h ON h.promotion_id = p.id
  JOIN invoicing_invoice i ON i.account_id = h.account_id
  JOIN catalogue_account a ON a.id = i.account_id
  JOIN catalogue_currency c ON c.code = i.currency
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
   AND (p.currency IS NULL OR p.currency = i.currency)
