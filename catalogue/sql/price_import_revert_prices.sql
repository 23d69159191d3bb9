-- Take back the prices that an import has entered: each is superseded by the one that it had changed.
-- Grain: one price for each changed price change, with the terms and tiers of the price in force before; a new
--   one has none and is only superseded.
-- Inputs: price_import, entered_at. Locks: these prices; the caller holds the books. A second run finds none.
WITH undone AS (
    UPDATE catalogue_price AS entry
    SET superseded_at = %(entered_at)s
    FROM catalogue_pricechange AS change
    WHERE change.price_import_id = %(price_import)s
        AND change.action IN ('new', 'changed')
        AND entry.id = change.price_id
        AND entry.superseded_at IS NULL
    RETURNING entry.valid_from, entry.valid_to, change.old_price_id
), entered AS (
    SELECT
        nextval('catalogue_price_id_seq') AS new_id,
        undone.valid_from AS starts_at,
        least(undone.valid_to, old.valid_to) AS ends_at,
        old.*
    FROM undone
    JOIN catalogue_price AS old ON old.id = undone.old_price_id
), written AS (
    INSERT INTO catalogue_price (
        id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee,
        package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
    )
    SELECT
        new_id, company_id, product_id, currency, account_id, starts_at, ends_at, model, unit_price, fee,
        package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
    FROM entered
)
INSERT INTO catalogue_pricetier (price_id, position, lower, up_to, unit_price, flat_fee)
SELECT entered.new_id, tier.position, tier.lower, tier.up_to, tier.unit_price, tier.flat_fee
FROM entered
JOIN catalogue_pricetier AS tier ON tier.price_id = entered.id
