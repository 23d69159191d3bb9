-- Write the products of an import into the catalogue.
-- Grain: one product for each SKU that is not unchanged, as its last line says. Inputs: price_import. Locks: the products that change.
-- A second run writes the same values again.
INSERT INTO catalogue_product (
    id, sku, name, family, category, provider, region, unit, kind, aggregation, cycle, in_advance, proration,
    billed_states, time_rounding, tax_category, ended_at
)
SELECT DISTINCT ON (change.product_id)
    change.product_id, change.sku, change.name, change.family, change.category, change.provider, change.region,
    change.unit, change.kind, change.aggregation,
    CASE
        WHEN change.kind <> 'recurring' THEN ''
        WHEN change.unit = 'year' THEN 'annual'
        ELSE 'monthly'
    END,
    false, 'day', '{active}', 'exact', change.tax_category, change.ended_at
FROM catalogue_productchange AS change
WHERE change.price_import_id = %(price_import)s AND change.action <> 'unchanged'
ORDER BY change.product_id, change.line DESC
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    family = excluded.family,
    category = excluded.category,
    provider = excluded.provider,
    region = excluded.region,
    tax_category = excluded.tax_category,
    ended_at = excluded.ended_at
