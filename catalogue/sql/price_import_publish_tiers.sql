-- Write the tiers of the prices that an import has entered.
-- Grain: one row of catalogue_pricetier for each tier. Inputs: price_import.
-- Locks: none. A second run breaks the unique key of the tiers.
INSERT INTO catalogue_pricetier (price_id, position, lower, up_to, unit_price, flat_fee)
SELECT
    change.price_id,
    tier.position,
    coalesce(lag((tier.terms ->> 0)::numeric) OVER (PARTITION BY change.price_id ORDER BY tier.position), 0),
    (tier.terms ->> 0)::numeric,
    (tier.terms ->> 1)::numeric,
    (tier.terms ->> 2)::numeric
FROM catalogue_pricechange AS change
CROSS JOIN LATERAL jsonb_array_elements(change.tiers) WITH ORDINALITY AS tier (terms, position)
WHERE change.price_import_id = %(price_import)s AND change.action IN ('new', 'changed') AND change.tiers IS NOT NULL
