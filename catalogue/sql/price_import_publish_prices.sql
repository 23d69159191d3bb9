-- Enter the prices of an import in the books.
-- Grain: one price for each new or changed price change of the lines first_line to last_line.
-- Inputs: price_import, first_line, last_line. Locks: none; the caller holds the books.
-- A second run breaks the unique key of the entries.
INSERT INTO catalogue_price (
    id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee,
    package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
)
SELECT
    price_id, company_id, product_id, currency, account_id, valid_from, valid_to, model, unit_price, fee,
    package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, note
FROM catalogue_pricechange
WHERE price_import_id = %(price_import)s
    AND line BETWEEN %(first_line)s AND %(last_line)s
    AND action IN ('new', 'changed')
