-- Take back what an import has done to products: a new one is withdrawn, a changed one is what it was.
-- Grain: one product for each line that is not unchanged. Inputs: price_import. Locks: these products.
-- A second run changes nothing.
UPDATE catalogue_product AS product
SET
    name = CASE WHEN change.before IS NULL THEN product.name ELSE change.before ->> 'name' END,
    family = CASE WHEN change.before IS NULL THEN product.family ELSE change.before ->> 'family' END,
    category = CASE WHEN change.before IS NULL THEN product.category ELSE change.before ->> 'category' END,
    provider = CASE WHEN change.before IS NULL THEN product.provider ELSE change.before ->> 'provider' END,
    region = CASE WHEN change.before IS NULL THEN product.region ELSE change.before ->> 'region' END,
    tax_category = CASE
        WHEN change.before IS NULL THEN product.tax_category
        ELSE change.before ->> 'tax_category'
    END,
    ended_at = CASE
        WHEN change.action = 'new' THEN least(product.ended_at, change.valid_from)
        WHEN change.before IS NULL THEN product.ended_at
        ELSE (change.before ->> 'ended_at')::timestamptz
    END
FROM catalogue_productchange AS change
WHERE change.price_import_id = %(price_import)s
    AND product.id = change.product_id
    AND (change.action = 'new' OR change.before IS NOT NULL)
