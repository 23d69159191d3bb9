-- Call a product changed whose prices change.
-- Grain: the lines of an import whose product stays as it is. Inputs: price_import. Locks: these rows.
-- A second run finds nothing.
UPDATE catalogue_productchange AS product
SET action = 'changed'
WHERE product.price_import_id = %(price_import)s
    AND product.action = 'unchanged'
    AND EXISTS (
        SELECT
        FROM catalogue_pricechange AS price
        WHERE price.price_import_id = product.price_import_id
            AND price.line = product.line
            AND price.action <> 'unchanged'
    )
