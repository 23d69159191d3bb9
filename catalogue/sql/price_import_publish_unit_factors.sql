-- Write the unit factors of an import: second=1/3600; minute=1/60.
-- Grain: one unit factor for each part of the column. Inputs: price_import. A factor that stands is left alone.
INSERT INTO catalogue_unitfactor (product_id, unit, numerator, denominator)
SELECT
    change.product_id,
    btrim(split_part(part.text, '=', 1)),
    split_part(split_part(part.text, '=', 2), '/', 1)::bigint,
    coalesce(nullif(split_part(split_part(part.text, '=', 2), '/', 2), ''), '1')::bigint
FROM catalogue_productchange AS change
CROSS JOIN string_to_table(change.unit_factors, ';') AS part (text)
WHERE change.price_import_id = %(price_import)s AND change.unit_factors <> '' AND part.text <> ''
ON CONFLICT (product_id, unit) DO NOTHING
