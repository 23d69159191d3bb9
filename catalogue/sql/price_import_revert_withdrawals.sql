-- Take back the withdrawals of an import: the prices that it ended are entered again as they were.
-- Grain: one price for each entry that was superseded when the import withdrew its key, with its tiers.
-- Inputs: price_import; published_at, when they were superseded; entered_at.
-- Locks: the entries that stand in their place; the caller holds the books. A second run finds the same again:
--   run it once.
WITH ended AS (
    SELECT entry.*
    FROM catalogue_pricechange AS change
    JOIN catalogue_price AS entry
        ON entry.company_id = change.company_id
        AND entry.product_id = change.product_id
        AND entry.currency = change.currency
        AND entry.account_id IS NOT DISTINCT FROM change.account_id
        AND entry.superseded_at = %(published_at)s
        AND (entry.valid_to IS NULL OR entry.valid_to > change.valid_from)
    WHERE change.price_import_id = %(price_import)s AND change.action = 'withdrawn'
), undone AS (
    UPDATE catalogue_price AS entry
    SET superseded_at = %(entered_at)s
    FROM ended
    WHERE entry.company_id = ended.company_id
        AND entry.product_id = ended.product_id
        AND entry.currency = ended.currency
        AND entry.account_id IS NOT DISTINCT FROM ended.account_id
        AND entry.valid_from = ended.valid_from
        AND entry.superseded_at IS NULL
    RETURNING ended.id
), entered AS (
    -- Reading `undone` makes way for the new entries before they are written.
    SELECT nextval('catalogue_price_id_seq') AS new_id, ended.*
    FROM ended
    LEFT JOIN undone ON undone.id = ended.id
), written AS (
    INSERT INTO catalogue_price (
        id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee,
        package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
    )
    SELECT
        new_id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee,
        package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
    FROM entered
)
INSERT INTO catalogue_pricetier (price_id, position, lower, up_to, unit_price, flat_fee)
SELECT entered.new_id, tier.position, tier.lower, tier.up_to, tier.unit_price, tier.flat_fee
FROM entered
JOIN catalogue_pricetier AS tier ON tier.price_id = entered.id
