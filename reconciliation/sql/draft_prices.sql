-- Grain: one row a product and currency: the tried price (tried_price) that would be in force at %(at)s; tiers as a
-- price file writes them.
SELECT DISTINCT ON (d.sku, t.currency) s.code AS company, d.sku, t.currency, t.model, t.unit_price, t.fee,
       t.package_size, t.package_price, t.percent, t.fixed_fee, tier.terms AS tiers, t.included, t.cap, t.minimum, t.scope
  FROM tried_price t
  JOIN catalogue_product d ON d.id = t.product_id
  JOIN catalogue_company s ON s.id = t.company_id
  LEFT JOIN LATERAL (
       SELECT string_agg(coalesce(e.terms ->> 0, '') || ':'
                         || CASE WHEN t.model = 'stairstep' THEN '' ELSE e.terms ->> 1 END || ':' || (e.terms ->> 2),
                         ';' ORDER BY e.position) AS terms
         FROM jsonb_array_elements(t.tiers) WITH ORDINALITY AS e (terms, position)) tier ON true
 WHERE t.valid_from <= %(at)s AND (t.valid_to IS NULL OR t.valid_to > %(at)s)
 ORDER BY d.sku, t.currency, t.valid_from DESC, t.id DESC
