-- Warn of prices that jump, lie below cost, or replace another model.
-- Grain: one row of catalogue_importfinding for each line and kind, a thousand of a kind at most.
-- Inputs: price_import; jump_percent; amount_names, the headings of the price columns (empty: a long file);
--   cost_company and rate_currencies, rate_numerators, rate_denominators: what 1 of its currency is worth.
-- Locks: none. A second run reports everything twice.
INSERT INTO catalogue_importfinding (price_import_id, severity, line, "column", code, sentence)
SELECT %(price_import)s, 'warning', warning.line, coalesce(warning."column", 'unit_price'), warning.code, warning.sentence
FROM (
    SELECT warning.*, row_number() OVER (PARTITION BY warning.code ORDER BY warning.line) AS nth
    FROM (
        SELECT
            jump.line,
            jump."column",
            'jump' AS code,
            format('%%s %%s by more than %%s %%%%; that of %%s the most, by %%s %%%%, from %%s to %%s %%s.', jump.prices,
                CASE WHEN jump.prices = 1 THEN 'price changes' ELSE 'prices change' END,
                trim_scale(%(jump_percent)s), jump.code, jump.change_percent, trim_scale(jump.old_unit_price),
                trim_scale(jump.unit_price), jump.currency) AS sentence
        FROM (
            SELECT DISTINCT ON (change.line)
                change.line,
                (%(amount_names)s::text[])[change.position] AS "column",
                count(*) OVER (PARTITION BY change.line) AS prices,
                company.code,
                change.change_percent,
                old.unit_price AS old_unit_price,
                change.unit_price,
                change.currency
            FROM catalogue_pricechange AS change
            JOIN catalogue_price AS old ON old.id = change.old_price_id
            JOIN catalogue_company AS company ON company.id = change.company_id
            WHERE change.price_import_id = %(price_import)s
                AND change.action = 'changed'
                AND change.model = 'per_unit'
                AND abs(change.change_percent) > %(jump_percent)s
            ORDER BY change.line, abs(change.change_percent) DESC, change.position
        ) AS jump
        UNION ALL
        SELECT
            change.line,
            (%(amount_names)s::text[])[change.position],
            'model_changed',
            format('The price of %%s was of the model %%s and becomes %%s.', company.code, old.model, change.model)
        FROM catalogue_pricechange AS change
        JOIN catalogue_price AS old ON old.id = change.old_price_id
        JOIN catalogue_company AS company ON company.id = change.company_id
        WHERE change.price_import_id = %(price_import)s AND change.action = 'changed' AND old.model <> change.model
        UNION ALL
        SELECT
            sell.line,
            (%(amount_names)s::text[])[min(sell.position)],
            'below_cost',
            format('%%s below the cost of %%s %%s.',
                string_agg(format('%%s %%s', trim_scale(sell.unit_price), sell.currency), ', ' ORDER BY sell.position),
                trim_scale(min(sell.cost)), %(cost_currency)s)
        FROM (
            -- The cost stands in the same line,
            SELECT change.line, change.position, change.currency, change.unit_price, cost.unit_price AS cost
            FROM catalogue_pricechange AS change
            JOIN catalogue_pricechange AS cost
                ON cost.price_import_id = change.price_import_id
                AND cost.line = change.line
                AND cost.company_id = %(cost_company)s
            WHERE change.price_import_id = %(price_import)s
                AND change.company_id <> %(cost_company)s
                AND change.model = 'per_unit'
                AND cost.model = 'per_unit'
                AND (change.action IN ('new', 'changed') OR cost.action IN ('new', 'changed'))
            UNION ALL
            -- or in the book.
            SELECT change.line, change.position, change.currency, change.unit_price, cost.unit_price
            FROM catalogue_pricechange AS change
            CROSS JOIN LATERAL (
                SELECT entry.model, entry.unit_price
                FROM catalogue_price AS entry
                WHERE entry.company_id = %(cost_company)s
                    AND entry.product_id = change.product_id
                    AND entry.currency = %(cost_currency)s
                    AND entry.account_id IS NULL
                    AND entry.superseded_at IS NULL
                    AND entry.valid_from <= change.valid_from
                    AND (entry.valid_to IS NULL OR entry.valid_to > change.valid_from)
                ORDER BY entry.account_id DESC, entry.valid_from DESC -- the order of the unique index
                LIMIT 1
            ) AS cost
            WHERE change.price_import_id = %(price_import)s
                AND change.company_id <> %(cost_company)s
                AND change.model = 'per_unit'
                AND cost.model = 'per_unit'
                AND change.action IN ('new', 'changed')
                AND NOT EXISTS (
                    SELECT
                    FROM catalogue_pricechange AS same_line
                    WHERE same_line.price_import_id = change.price_import_id
                        AND same_line.line = change.line
                        AND same_line.company_id = %(cost_company)s
                )
        ) AS sell
        JOIN unnest(
            %(rate_currencies)s::text[], %(rate_numerators)s::numeric[], %(rate_denominators)s::numeric[]
        ) AS rate (currency, numerator, denominator) ON rate.currency = sell.currency
        WHERE sell.unit_price * rate.denominator < sell.cost * rate.numerator
        GROUP BY sell.line
    ) AS warning
) AS warning
WHERE warning.nth <= 1000
