-- Set superseded_at on the entries whose key an import enters again.
-- Grain: the price in force of each changed price change, where it begins at the same instant.
-- Inputs: price_import, entered_at. Locks: these prices; the caller holds the books. A second run finds none.
UPDATE catalogue_price AS entry
SET superseded_at = %(entered_at)s
FROM catalogue_pricechange AS change
WHERE change.price_import_id = %(price_import)s
    AND change.action = 'changed'
    AND entry.id = change.old_price_id
    AND entry.valid_from = change.valid_from
    AND entry.superseded_at IS NULL
