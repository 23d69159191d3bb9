-- Report lines of a wide file that are for one product at one time, or whose SKUs differ only in case.
-- Grain: one row of catalogue_importfinding for each line that stands in the way of another, naming both; a
--   thousand of a kind at most. Inputs: price_import. Locks: none. A second run reports everything twice.
INSERT INTO catalogue_importfinding (price_import_id, severity, line, "column", code, sentence)
SELECT %(price_import)s, 'error', fault.line, 'sku', fault.code, fault.sentence
FROM (
    SELECT fault.*, row_number() OVER (PARTITION BY fault.code ORDER BY fault.line) AS nth
    FROM (
        SELECT
            greatest(line.line, line.other_line) AS line,
            'overlap' AS code,
            format(
                '%%s stands in line %%s (from %%s to %%s) and in line %%s (from %%s to %%s), and the two overlap: keep '
                'one, or end the first where the second begins.',
                line.sku,
                line.other_line, line.other_from, coalesce(line.other_to::text, 'open'),
                line.line, line.valid_from, coalesce(line.valid_to::text, 'open')
            ) AS sentence
        FROM (
            SELECT
                change.*,
                lag(change.line) OVER same_product AS other_line,
                lag(change.valid_from) OVER same_product AS other_from,
                lag(change.valid_to) OVER same_product AS other_to
            FROM catalogue_productchange AS change
            WHERE change.price_import_id = %(price_import)s AND change.sku <> ''
            WINDOW same_product AS (PARTITION BY change.sku ORDER BY change.valid_from, change.line)
        ) AS line
        WHERE line.other_line IS NOT NULL AND (line.other_to IS NULL OR line.other_to > line.valid_from)
        UNION ALL
        SELECT
            greatest(change.line, other.line),
            'other_case',
            format('%%s differs only in case from %%s in line %%s: write it one way.', change.sku, other.sku, other.line)
        FROM catalogue_productchange AS change
        JOIN catalogue_productchange AS other
            ON lower(other.sku) = lower(change.sku) AND other.sku <> change.sku AND other.line < change.line
        WHERE change.price_import_id = %(price_import)s AND other.price_import_id = %(price_import)s
        UNION ALL
        SELECT
            change.line,
            'other_case',
            format('%%s differs only in case from %%s, which is in the catalogue: write it as there.', change.sku,
                old.sku)
        FROM catalogue_productchange AS change
        JOIN catalogue_product AS old ON lower(old.sku) = lower(change.sku) AND old.sku <> change.sku
        WHERE change.price_import_id = %(price_import)s AND change.action = 'new'
    ) AS fault
) AS fault
WHERE fault.nth <= 1000
