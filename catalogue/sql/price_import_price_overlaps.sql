-- Report prices of a file that end before they start, or overlap another price of the file for the same key.
-- Grain: one row of catalogue_importfinding for each such line, naming both lines; a thousand of a kind at most.
-- Inputs: price_import. Locks: none. A second run reports everything twice.
INSERT INTO catalogue_importfinding (price_import_id, severity, line, "column", code, sentence)
SELECT %(price_import)s, 'error', fault.line, fault."column", fault.code, fault.sentence
FROM (
    SELECT
        change.line,
        'valid_to' AS "column",
        'ends_before_it_starts' AS code,
        format('The price of %%s ends at %%s and must end after it starts, at %%s.', company.code, change.valid_to,
            change.valid_from) AS sentence,
        row_number() OVER (ORDER BY change.line) AS nth
    FROM catalogue_pricechange AS change
    JOIN catalogue_company AS company ON company.id = change.company_id
    WHERE change.price_import_id = %(price_import)s AND change.valid_to <= change.valid_from
    UNION ALL
    SELECT
        greatest(line.line, line.other_line),
        'sku',
        'overlap',
        format(
            'The prices of %%s for %%s in %%s stand in line %%s (from %%s to %%s) and in line %%s (from %%s to %%s), and '
            'the two overlap: keep one, or end the first where the second begins.',
            company.code, product.sku, line.currency,
            line.other_line, line.other_from, coalesce(line.other_to::text, 'open'),
            line.line, line.valid_from, coalesce(line.valid_to::text, 'open')
        ),
        row_number() OVER (ORDER BY greatest(line.line, line.other_line))
    FROM (
        SELECT
            change.*,
            lag(change.line) OVER same_key AS other_line,
            lag(change.valid_from) OVER same_key AS other_from,
            lag(change.valid_to) OVER same_key AS other_to
        FROM catalogue_pricechange AS change
        WHERE change.price_import_id = %(price_import)s
        WINDOW same_key AS (
            PARTITION BY change.company_id, change.product_id, change.currency, change.account_id
            ORDER BY change.valid_from, change.line
        )
    ) AS line
    JOIN catalogue_company AS company ON company.id = line.company_id
    JOIN catalogue_product AS product ON product.id = line.product_id
    WHERE line.other_line IS NOT NULL AND (line.other_to IS NULL OR line.other_to > line.valid_from)
) AS fault
WHERE fault.nth <= 1000
