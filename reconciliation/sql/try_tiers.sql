-- Grain: one row a tier of the entries of the tried book, which stands before the real tiers as the book does.
CREATE TEMP TABLE catalogue_pricetier ON COMMIT DROP AS
SELECT t.price_id, t.position::integer AS position, t.lower, t.up_to, t.unit_price, t.flat_fee
  FROM public.catalogue_pricetier t
 WHERE t.price_id IN (SELECT id FROM catalogue_price) AND t.price_id NOT IN (SELECT id FROM tried_price)
UNION ALL
SELECT p.id, tier.position::integer,
       coalesce(lag((tier.terms ->> 0)::numeric) OVER (PARTITION BY p.id ORDER BY tier.position), 0),
       (tier.terms ->> 0)::numeric, (tier.terms ->> 1)::numeric, (tier.terms ->> 2)::numeric
  FROM tried_price p
 CROSS JOIN LATERAL jsonb_array_elements(p.tiers) WITH ORDINALITY AS tier (terms, position)
 WHERE p.tiers IS NOT NULL AND jsonb_typeof(p.tiers) = 'array'
