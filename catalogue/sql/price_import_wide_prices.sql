-- Compare the prices of a wide file with the one in force at their valid_from.
-- Grain: one row of catalogue_pricechange for each filled price cell of a line and book. A cell is a price a
--   unit; what else the price in force says (included, cap, minimum, scope) stays.
-- Inputs: price_import; numbers (which amount), companies, currencies and starts of the books; cost_company,
--   whose price keeps the line's note; from_*/to_*: what the words of valid_from and valid_to mean to a company.
-- Locks: none; the caller holds the books. A second run breaks the primary key.
WITH price AS NOT MATERIALIZED (
    SELECT
        l.line,
        book.number AS position,
        book.company_id,
        product.product_id,
        product.action = 'new' AS is_new,
        book.currency,
        coalesce(from_word.instant, book.valid_from) AS valid_from,
        to_word.instant AS valid_to,
        amount.unit_price,
        CASE WHEN book.company_id = %(cost_company)s THEN product.note ELSE '' END AS note
    FROM catalogue_importline AS l
    JOIN catalogue_productchange AS product
        ON product.price_import_id = l.price_import_id AND product.line = l.line
    -- Line by line: entries and index pages fill in order.
    CROSS JOIN LATERAL unnest(l.amounts) WITH ORDINALITY AS amount (unit_price, number)
    JOIN unnest(%(numbers)s::int[], %(companies)s::bigint[], %(currencies)s::text[], %(starts)s::timestamptz[])
        AS book (number, company_id, currency, valid_from) ON book.number = amount.number
    LEFT JOIN unnest(%(from_words)s::text[], %(from_companies)s::bigint[], %(from_instants)s::timestamptz[])
        AS from_word (text, company_id, instant)
        ON from_word.text = l.valid_from AND from_word.company_id = book.company_id
    LEFT JOIN unnest(%(to_words)s::text[], %(to_companies)s::bigint[], %(to_instants)s::timestamptz[])
        AS to_word (text, company_id, instant)
        ON to_word.text = l.valid_to AND to_word.company_id = book.company_id
    WHERE l.price_import_id = %(price_import)s AND amount.unit_price IS NOT NULL
), compared AS (
    -- A new product has no price in force.
    SELECT price.*, 'new' AS action, NULL::bigint AS old_id, NULL::numeric AS old_unit_price, 0::numeric AS included,
        NULL::numeric AS cap, NULL::numeric AS minimum, 'resource' AS scope
    FROM price
    WHERE price.is_new
    UNION ALL
    SELECT
        price.*,
        CASE
            WHEN old.id IS NULL THEN 'new'
            WHEN old.model = 'per_unit' AND old.unit_price = price.unit_price
                AND (old.valid_to IS NULL OR old.valid_to >= price.valid_to) THEN 'unchanged'
            ELSE 'changed'
        END,
        old.id,
        CASE WHEN old.model = 'per_unit' THEN old.unit_price END,
        coalesce(old.included, 0),
        old.cap,
        old.minimum,
        coalesce(old.scope, 'resource')
    FROM price
    LEFT JOIN LATERAL (
        SELECT entry.*
        FROM catalogue_price AS entry
        WHERE entry.company_id = price.company_id
            AND entry.product_id = price.product_id
            AND entry.currency = price.currency
            AND entry.account_id IS NULL
            AND entry.superseded_at IS NULL
            AND entry.valid_from <= price.valid_from
            AND (entry.valid_to IS NULL OR entry.valid_to > price.valid_from)
        ORDER BY entry.account_id DESC, entry.valid_from DESC -- the order of the unique index
        LIMIT 1
    ) AS old ON true
    WHERE NOT price.is_new
)
INSERT INTO catalogue_pricechange (
    price_import_id, line, position, action, company_id, product_id, currency, valid_from, valid_to, model,
    unit_price, included, cap, minimum, scope, note, price_id, old_price_id, change_percent
)
SELECT
    %(price_import)s, line, position, action, company_id, product_id, currency, valid_from, valid_to, 'per_unit',
    unit_price, included, cap, minimum, scope, note,
    CASE WHEN action <> 'unchanged' THEN nextval('catalogue_price_id_seq') END,
    old_id,
    CASE WHEN old_unit_price > 0 THEN round((unit_price - old_unit_price) * 100 / old_unit_price, 2) END
FROM compared
