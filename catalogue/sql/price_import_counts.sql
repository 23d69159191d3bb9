-- Count what an import does. Grain: one row. Inputs: price_import.
SELECT
    line.*,
    price.*,
    finding.*
FROM
    (
        SELECT
            count(*) FILTER (WHERE action = 'new') AS lines_new,
            count(*) FILTER (WHERE action = 'changed') AS lines_changed,
            count(*) FILTER (WHERE action = 'unchanged') AS lines_unchanged,
            count(*) FILTER (WHERE action = 'withdrawn') AS lines_withdrawn
        FROM catalogue_productchange
        WHERE price_import_id = %(price_import)s
    ) AS line,
    (
        SELECT
            count(*) FILTER (WHERE action = 'new') AS prices_new,
            count(*) FILTER (WHERE action = 'changed') AS prices_changed,
            count(*) FILTER (WHERE action = 'unchanged') AS prices_unchanged,
            count(*) FILTER (WHERE action = 'withdrawn') AS prices_withdrawn
        FROM catalogue_pricechange
        WHERE price_import_id = %(price_import)s
    ) AS price,
    (
        SELECT
            count(*) FILTER (WHERE severity = 'error') AS errors,
            count(*) FILTER (WHERE severity = 'warning') AS warnings
        FROM catalogue_importfinding
        WHERE price_import_id = %(price_import)s
    ) AS finding
