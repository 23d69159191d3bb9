-- Grain: one row an entry of the book of company %(company)s (what it agreed with accounts is left alone) of the
-- products %(products)s, each entry's money times %(numerators)s / %(denominators)s, rounded to %(places)s decimals.
-- Free units stay; cap and minimum are money, too, so that the amount of any quantity changes by the same factor.
CREATE TEMP TABLE tried_price ON COMMIT DROP AS
SELECT x.id, x.company_id, x.product_id, x.currency, x.account_id, x.valid_from, x.valid_to, x.model::text AS model,
       scaled_price(x.unit_price, f.numerator, f.denominator, %(places)s) AS unit_price,
       scaled_price(x.fee, f.numerator, f.denominator, %(places)s) AS fee, x.package_size,
       scaled_price(x.package_price, f.numerator, f.denominator, %(places)s) AS package_price,
       scaled_price(x.percent, f.numerator, f.denominator, %(places)s) AS percent,
       scaled_price(x.fixed_fee, f.numerator, f.denominator, %(places)s) AS fixed_fee, x.included,
       scaled_price(x.cap, f.numerator, f.denominator, %(places)s) AS cap,
       scaled_price(x.minimum, f.numerator, f.denominator, %(places)s) AS minimum, x.scope::text AS scope, t.tiers
  FROM unnest(%(products)s::bigint[], %(numerators)s::numeric[], %(denominators)s::numeric[])
       AS f (product_id, numerator, denominator)
  JOIN catalogue_price x ON x.product_id = f.product_id AND x.company_id = %(company)s AND x.account_id IS NULL
   AND x.superseded_at IS NULL
  LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_array(
                  p.up_to, scaled_price(p.unit_price, f.numerator, f.denominator, %(places)s),
                  scaled_price(p.flat_fee, f.numerator, f.denominator, %(places)s)) ORDER BY p.position) AS tiers
         FROM catalogue_pricetier p WHERE p.price_id = x.id) t ON true
