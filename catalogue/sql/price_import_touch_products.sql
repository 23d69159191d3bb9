-- Call a product changed whose prices change, or that gets another unit factor.
-- Grain: the lines of an import whose product stays as it is. Inputs: price_import. Locks: these rows.
-- A second run finds nothing.
UPDATE catalogue_productchange AS product
SET action = 'changed'
WHERE product.price_import_id = %(price_import)s
    AND product.action = 'unchanged'
    AND (
        EXISTS (
            SELECT
            FROM catalogue_pricechange AS price
            WHERE price.price_import_id = product.price_import_id
                AND price.line = product.line
                AND price.action <> 'unchanged'
        )
        OR (
            product.unit_factors <> ''
            AND EXISTS (
                SELECT
                FROM string_to_table(product.unit_factors, ';') AS part (text)
                WHERE part.text <> '' AND NOT EXISTS (
                    SELECT
                    FROM catalogue_unitfactor AS standing
                    WHERE standing.product_id = product.product_id
                        AND standing.unit = btrim(split_part(part.text, '=', 1))
                )
            )
        )
    )
