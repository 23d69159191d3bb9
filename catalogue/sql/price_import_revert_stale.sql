-- Find where something else has changed since an import was published.
-- Grain: the first line whose price is superseded or whose product is another one. Inputs: price_import.
-- The caller holds the books.
SELECT stale.line, stale.sku
FROM (
    SELECT change.line, product.sku
    FROM catalogue_pricechange AS change
    JOIN catalogue_price AS entry ON entry.id = change.price_id
    JOIN catalogue_product AS product ON product.id = change.product_id
    WHERE change.price_import_id = %(price_import)s
        AND change.action IN ('new', 'changed')
        AND entry.superseded_at IS NOT NULL
    UNION ALL
    SELECT change.line, change.sku
    FROM catalogue_productchange AS change
    JOIN catalogue_product AS product ON product.id = change.product_id
    WHERE change.price_import_id = %(price_import)s
        AND change.before IS NOT NULL
        AND (change.name, change.family, change.category, change.provider, change.region, change.tax_category,
            change.ended_at)
            IS DISTINCT FROM (product.name, product.family, product.category, product.provider, product.region,
                product.tax_category, product.ended_at)
) AS stale
ORDER BY stale.line
LIMIT 1
