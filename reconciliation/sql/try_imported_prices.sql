-- Grain: one row a company, product, currency and account of which the price file %(price_import)s changes a price:
-- the one that it names last, in force the whole time. Without a model it was withdrawn.
CREATE TEMP TABLE tried_price ON COMMIT DROP AS
SELECT DISTINCT ON (c.company_id, c.product_id, c.currency, c.account_id)
       -row_number() OVER () AS id, c.company_id, c.product_id, c.currency, c.account_id,
       '-infinity'::timestamptz AS valid_from, NULL::timestamptz AS valid_to,
       CASE WHEN c.action <> 'withdrawn' THEN c.model::text END AS model, c.unit_price, c.fee, c.package_size,
       c.package_price, c.percent, c.fixed_fee, c.included, c.cap, c.minimum, c.scope::text AS scope, c.tiers
  FROM catalogue_pricechange c
 WHERE c.price_import_id = %(price_import)s AND c.action <> 'unchanged' AND c.product_id IS NOT NULL
 ORDER BY c.company_id, c.product_id, c.currency, c.account_id, c.valid_from DESC, c.line DESC
