-- End the prices that an import withdraws: each is entered again with its end, and the first is superseded.
-- Grain: one price for each entry of a withdrawn key that is in force at or after the change's valid_from;
--   one that would begin later is only superseded. With its tiers.
-- Inputs: price_import, entered_at. Locks: these prices; the caller holds the books. A second run finds none.
WITH ended AS (
    UPDATE catalogue_price AS entry
    SET superseded_at = %(entered_at)s
    FROM catalogue_pricechange AS change
    WHERE change.price_import_id = %(price_import)s
        AND change.action = 'withdrawn'
        AND entry.company_id = change.company_id
        AND entry.product_id = change.product_id
        AND entry.currency = change.currency
        AND entry.account_id IS NOT DISTINCT FROM change.account_id
        AND entry.superseded_at IS NULL
        AND (entry.valid_to IS NULL OR entry.valid_to > change.valid_from)
    RETURNING entry.*, change.valid_from AS ends_at
), entered AS (
    SELECT nextval('catalogue_price_id_seq') AS new_id, ended.* FROM ended WHERE ended.valid_from < ended.ends_at
), written AS (
    INSERT INTO catalogue_price (
        id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee,
        package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
    )
    SELECT
        new_id, company_id, product_id, currency, account_id, valid_from, ends_at, model, unit_price, fee,
        package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
    FROM entered
)
INSERT INTO catalogue_pricetier (price_id, position, lower, up_to, unit_price, flat_fee)
SELECT entered.new_id, tier.position, tier.lower, tier.up_to, tier.unit_price, tier.flat_fee
FROM entered
JOIN catalogue_pricetier AS tier ON tier.price_id = entered.id
