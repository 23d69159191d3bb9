-- Grain: one row a promotion of company %(company_id)s that account %(account_id)s holds, or that has the coupon code
-- %(coupon)s, in the order in which they count: percent promotions and those of %(currency)s, with redemptions left.
-- Without an account (null) only the coupon. Reads only.
SELECT p.code, p.percent, p.amount, p.families, p.valid_from, p.valid_to,
       ARRAY(SELECT d.sku FROM catalogue_promotion_products l JOIN catalogue_product d ON d.id = l.product_id
              WHERE l.promotion_id = p.id) AS skus
  FROM catalogue_promotion p
 WHERE p.company_id = %(company_id)s
   AND (p.is_coupon AND p.code = %(coupon)s
        OR EXISTS (SELECT FROM catalogue_promotion_accounts h
                    WHERE h.promotion_id = p.id AND h.account_id = %(account_id)s))
   AND (p.currency IS NULL OR p.currency = %(currency)s)
   AND (p.max_redemptions IS NULL OR p.redemptions < p.max_redemptions)
 ORDER BY p.position, p.code
