-- Find where the catalogue is not any more what a change set was compared with.
-- Grain: the first line with another price in force, another product, or a new SKU that exists by now.
-- Inputs: price_import. The caller holds the books.
SELECT stale.line, stale.sku
FROM (
    SELECT change.line, product.sku
    FROM catalogue_pricechange AS change
    JOIN catalogue_product AS product ON product.id = change.product_id
    WHERE change.price_import_id = %(price_import)s
        AND change.old_price_id IS DISTINCT FROM (
            SELECT entry.id
            FROM catalogue_price AS entry
            WHERE entry.company_id = change.company_id
                AND entry.product_id = change.product_id
                AND entry.currency = change.currency
                AND entry.account_id IS NOT DISTINCT FROM change.account_id
                AND entry.superseded_at IS NULL
                AND entry.valid_from <= change.valid_from
                AND (entry.valid_to IS NULL OR entry.valid_to > change.valid_from)
            ORDER BY entry.account_id DESC, entry.valid_from DESC -- the order of the unique index
            LIMIT 1
        )
    UNION ALL
    SELECT change.line, change.sku
    FROM catalogue_productchange AS change
    JOIN catalogue_product AS product ON product.sku = change.sku
    WHERE change.price_import_id = %(price_import)s
        AND (
            change.product_id <> product.id
            OR change.before <> jsonb_build_object(
                'name', product.name, 'family', product.family, 'category', product.category,
                'provider', product.provider, 'region', product.region,
                'tax_category', product.tax_category, 'ended_at', product.ended_at
            )
        )
) AS stale
ORDER BY stale.line
LIMIT 1
