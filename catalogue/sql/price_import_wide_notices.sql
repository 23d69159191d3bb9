-- Report what is worth a look in a wide file though it is allowed.
-- Grain: one row of catalogue_importfinding for each line and column, a thousand of a kind at most.
-- Inputs: price_import; amount_names, the headings of the price columns; costs, which of them are costs.
-- Locks: none. A second run reports everything twice.
INSERT INTO catalogue_importfinding (price_import_id, severity, line, "column", code, sentence)
SELECT %(price_import)s, 'notice', notice.line, notice."column", notice.code, notice.sentence
FROM (
    SELECT notice.*, row_number() OVER (PARTITION BY notice.code ORDER BY notice.line) AS nth
    FROM (
        SELECT
            l.line,
            amount.name AS "column",
            CASE WHEN amount.is_cost THEN 'no_cost' ELSE 'no_price' END AS code,
            CASE
                WHEN change.action <> 'new' THEN 'The cell is empty: what is in force, if anything, stays.'
                WHEN amount.is_cost THEN 'The new product has no cost: its margin stays unknown.'
                ELSE 'The new product has no price here: it cannot be billed in this currency.'
            END AS sentence
        FROM catalogue_importline AS l
        JOIN catalogue_productchange AS change
            ON change.price_import_id = l.price_import_id AND change.line = l.line
        JOIN unnest(%(amount_names)s::text[], %(costs)s::boolean[]) WITH ORDINALITY
            AS amount (name, is_cost, number) ON l.amounts[amount.number] IS NULL
        WHERE l.price_import_id = %(price_import)s
            AND array_position(l.amounts, NULL) IS NOT NULL
            AND NOT EXISTS (
                SELECT
                FROM catalogue_importfinding AS fault
                WHERE fault.price_import_id = %(price_import)s AND fault.line = l.line AND fault.severity = 'error'
            )
        UNION ALL
        SELECT l.line, 'name', 'formula', 'The name begins like a formula: it is kept as text.'
        FROM catalogue_importline AS l
        WHERE l.price_import_id = %(price_import)s AND l.name ~ '^[=+@-]'
        UNION ALL
        SELECT change.line, (%(amount_names)s::text[])[change.position], 'zero_price', 'The price is 0: it is free.'
        FROM catalogue_pricechange AS change
        WHERE change.price_import_id = %(price_import)s
            AND change.unit_price = 0
            AND change.action IN ('new', 'changed')
            AND change.company_id <> %(cost_company)s
    ) AS notice
) AS notice
WHERE notice.nth <= 1000
