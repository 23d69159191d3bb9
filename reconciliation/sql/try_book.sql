-- Grain: one row an entry of the books of %(books)s as they would be with tried_price, which takes the place of all
-- entries of its company, product, currency and account. A temporary table stands before the real one of its name
-- until the caller rolls back, so that the statements of rating price with it, unchanged.
CREATE TEMP TABLE catalogue_price ON COMMIT DROP AS
SELECT x.id, x.company_id, x.product_id, x.currency, x.account_id, x.valid_from, x.valid_to, x.model::text AS model,
       x.unit_price, x.fee, x.package_size, x.package_price, x.percent, x.fixed_fee, x.included, x.cap, x.minimum,
       x.scope::text AS scope, x.superseded_at
  FROM public.catalogue_price x
 WHERE x.superseded_at IS NULL AND x.company_id = ANY(%(books)s)
   AND NOT EXISTS (SELECT FROM tried_price t
                    WHERE t.company_id = x.company_id AND t.product_id = x.product_id AND t.currency = x.currency
                      AND t.account_id IS NOT DISTINCT FROM x.account_id)
UNION ALL
SELECT id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee, package_size,
       package_price, percent, fixed_fee, included, cap, minimum, scope, NULL
  FROM tried_price WHERE model IS NOT NULL
