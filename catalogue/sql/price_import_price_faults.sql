-- Report what is wrong with the lines of a long file.
-- Grain: one row of catalogue_importfinding for each line and broken rule, a thousand of a kind at most.
-- Inputs: price_import; own_code, the company meant by an empty cell; codes, whose prices the file may set;
--   from_words and to_words, the words of valid_from and valid_to that are understood.
-- Locks: none. A second run reports everything twice.
INSERT INTO catalogue_importfinding (price_import_id, severity, line, "column", code, sentence)
SELECT %(price_import)s, 'error', fault.line, fault."column", fault.code, fault.sentence
FROM (
    SELECT l.line, rule.*, row_number() OVER (PARTITION BY rule.code ORDER BY l.line) AS nth
    FROM (
        SELECT
            *,
            coalesce(nullif(company, ''), %(own_code)s) AS company_code,
            coalesce(nullif(model, ''), 'per_unit') AS price_model,
            coalesce(lower(withdraw), '') IN ('yes', 'true', '1', 'x') AS is_withdrawn
        FROM catalogue_importline
        WHERE price_import_id = %(price_import)s
    ) AS l
    LEFT JOIN catalogue_company AS company ON company.code = l.company_code
    LEFT JOIN catalogue_product AS product ON product.sku = l.sku
    LEFT JOIN catalogue_currency AS currency ON currency.code = l.currency
    LEFT JOIN catalogue_account AS account ON account.code = l.account AND account.company_id = company.id
    CROSS JOIN LATERAL (
        VALUES
            ('unknown_sku', 'sku', CASE
                WHEN l.sku = '' THEN 'The SKU is empty: every line needs the SKU of its product.'
                WHEN product.id IS NULL
                THEN format('There is no product with the SKU %%L: add it first, for example with a wide file.', l.sku)
            END),
            ('unknown_company', 'company', CASE
                WHEN company.id IS NULL THEN format('There is no company with the code %%L.', l.company_code)
                WHEN company.code <> ALL (%(codes)s::text[])
                THEN format('%%s cannot set the prices of %%s.', %(own_code)s, company.code)
            END),
            ('unknown_currency', 'currency', CASE
                WHEN l.currency <> '' AND currency.code IS NULL
                THEN format('%%L is not a currency of ISO 4217: write three capital letters.', l.currency)
            END),
            ('unknown_account', 'account', CASE
                WHEN l.account <> '' AND account.id IS NULL
                THEN format('%%s has no account with the code %%L.', l.company_code, l.account)
            END),
            ('unknown_model', 'model', CASE
                WHEN l.price_model
                    NOT IN ('per_unit', 'flat', 'graduated', 'volume', 'stairstep', 'package', 'percentage')
                THEN format('The price model %%L is not known: write per_unit, flat, graduated, volume, stairstep, '
                    'package or percentage.', l.model)
            END),
            ('unknown_scope', 'scope', CASE
                WHEN l.scope NOT IN ('', 'resource', 'account')
                THEN format('The scope %%L is not known: write resource or account.', l.scope)
            END),
            ('invalid_withdraw', 'withdraw', CASE
                WHEN lower(l.withdraw) NOT IN ('', 'yes', 'true', '1', 'x', 'no', 'false', '0')
                THEN format('%%L does not say whether the price is withdrawn: write yes, no or nothing.', l.withdraw)
            END),
            ('not_an_instant', 'valid_from', CASE
                WHEN l.valid_from <> '' AND l.valid_from <> ALL (%(from_words)s::text[])
                THEN format('%%L is neither a date nor an instant with a zone: write 2026-04-02 or '
                    '2026-04-02T00:00:00Z.', l.valid_from)
            END),
            ('not_an_instant', 'valid_to', CASE
                WHEN l.valid_to <> '' AND l.valid_to <> ALL (%(to_words)s::text[])
                THEN format('%%L is neither a date nor an instant with a zone: write 2026-04-02 or '
                    '2026-04-02T00:00:00Z.', l.valid_to)
            END),
            ('missing_term', 'tiers', CASE
                WHEN l.price_model IN ('graduated', 'volume', 'stairstep') AND l.tiers IS NULL AND NOT l.is_withdrawn
                THEN format('A price of the model %%s needs tiers.', l.price_model)
            END),
            ('missing_term', 'package_size', CASE
                WHEN l.price_model = 'package' AND l.amounts[3] = 0 THEN 'The package size must be above 0.'
            END)
    ) AS rule (code, "column", sentence)
    WHERE rule.sentence IS NOT NULL AND NOT EXISTS (
        -- Reading has said already what is wrong with this cell.
        SELECT
        FROM catalogue_importfinding AS found
        WHERE found.price_import_id = %(price_import)s AND found.line = l.line AND found."column" = rule."column"
    )
    UNION ALL
    SELECT
        change.line,
        'missing_term',
        term.name,
        CASE
            WHEN term.number IS NULL
            THEN format('A price of the model %%s needs %%s; write 0 if it costs nothing.', change.model, term.name)
            ELSE format('A price of the model %%s has no %%s: leave it empty.', change.model, term.name)
        END,
        row_number() OVER (ORDER BY change.line)
    FROM catalogue_pricechange AS change
    CROSS JOIN LATERAL (
        VALUES
            ('unit_price', change.unit_price, 'per_unit', true),
            ('fee', change.fee, 'flat', true),
            ('package_size', change.package_size, 'package', true),
            ('package_price', change.package_price, 'package', true),
            ('percent', change.percent, 'percentage', true),
            ('fixed_fee', change.fixed_fee, 'percentage', false)
    ) AS term (name, number, model, is_needed)
    WHERE change.price_import_id = %(price_import)s
        AND change.action IN ('new', 'changed')
        AND CASE
            WHEN term.model = change.model THEN term.is_needed AND term.number IS NULL
            ELSE term.number IS NOT NULL
        END
        AND NOT EXISTS (
            SELECT
            FROM catalogue_importfinding AS found
            WHERE found.price_import_id = %(price_import)s AND found.line = change.line AND found."column" = term.name
        )
) AS fault
WHERE fault.nth <= 1000
