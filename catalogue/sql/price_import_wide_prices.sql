-- Compare the prices of a wide file with the one in force at their valid_from.
-- Grain: one row of catalogue_pricechange for each filled price cell of a line and company. A cell is a price a
--   unit; what else the price in force says (included, cap, minimum, scope) stays. A cell that is no price has
--   no unit_price.
-- Inputs: price_import; positions, companies, currencies and starts of the price columns; number (a pattern);
--   cost_company, whose price keeps the line's note; from_*/to_*: what the words of valid_from and valid_to mean.
-- Locks: none; the caller holds the books. A second run breaks the primary key.
INSERT INTO catalogue_pricechange (
    price_import_id, line, position, action, company_id, product_id, currency, valid_from, valid_to, model,
    unit_price, included, cap, minimum, scope, note, old_price_id, change_percent
)
SELECT
    %(price_import)s,
    price.line,
    price.position,
    CASE
        WHEN old.id IS NULL THEN 'new'
        WHEN old.model = 'per_unit' AND old.unit_price = price.unit_price
            AND (old.valid_to IS NULL OR old.valid_to >= price.valid_to) THEN 'unchanged'
        ELSE 'changed'
    END,
    price.company_id,
    price.product_id,
    price.currency,
    price.valid_from,
    price.valid_to,
    'per_unit',
    price.unit_price,
    coalesce(old.included, 0),
    old.cap,
    old.minimum,
    coalesce(old.scope, 'resource'),
    price.note,
    old.id,
    CASE
        WHEN old.model = 'per_unit' AND old.unit_price > 0
        THEN round((price.unit_price - old.unit_price) * 100 / old.unit_price, 2)
    END
FROM (
    SELECT
        cell.line,
        cell.position,
        cell.company_id,
        cell.product_id,
        cell.is_new,
        cell.currency,
        cell.valid_from,
        cell.valid_to,
        cell.note,
        CASE
            WHEN cell.number >= 0 AND cell.number < 1e18
                AND (scale(cell.number) <= 12 OR min_scale(cell.number) <= 12)
            THEN cell.number
        END AS unit_price
    FROM (
        SELECT
            l.line,
            c.position,
            c.company_id,
            p.product_id,
            p.action = 'new' AS is_new,
            c.currency,
            coalesce(from_word.instant, c.valid_from) AS valid_from,
            to_word.instant AS valid_to,
            CASE WHEN c.company_id = %(cost_company)s THEN p.note ELSE '' END AS note,
            CASE WHEN l.cells[c.position] ~ %(number)s THEN l.cells[c.position]::numeric END AS number
        FROM catalogue_importline AS l
        JOIN catalogue_productchange AS p ON p.price_import_id = l.price_import_id AND p.line = l.line
        CROSS JOIN unnest(
            %(positions)s::int[], %(companies)s::bigint[], %(currencies)s::text[], %(starts)s::timestamptz[]
        ) AS c (position, company_id, currency, valid_from)
        LEFT JOIN unnest(%(from_words)s::text[], %(from_companies)s::bigint[], %(from_instants)s::timestamptz[])
            AS from_word (text, company_id, instant)
            ON from_word.text = l.cells[%(valid_from)s] AND from_word.company_id = c.company_id
        LEFT JOIN unnest(%(to_words)s::text[], %(to_companies)s::bigint[], %(to_instants)s::timestamptz[])
            AS to_word (text, company_id, instant)
            ON to_word.text = l.cells[%(valid_to)s] AND to_word.company_id = c.company_id
        WHERE l.price_import_id = %(price_import)s AND l.cells[c.position] <> ''
        OFFSET 0 -- read every number once
    ) AS cell
    OFFSET 0
) AS price
LEFT JOIN LATERAL (
    SELECT entry.id, entry.model, entry.unit_price, entry.valid_to, entry.included, entry.cap, entry.minimum,
        entry.scope
    FROM catalogue_price AS entry
    WHERE NOT price.is_new
        AND entry.company_id = price.company_id
        AND entry.product_id = price.product_id
        AND entry.currency = price.currency
        AND entry.account_id IS NULL
        AND entry.superseded_at IS NULL
        AND entry.valid_from <= price.valid_from
        AND (entry.valid_to IS NULL OR entry.valid_to > price.valid_from)
    ORDER BY entry.valid_from DESC, entry.id DESC
    LIMIT 1
) AS old ON true
