-- Compare the prices of a long file with the one in force at their valid_from.
-- Grain: one row of catalogue_pricechange for each line whose company, product, currency and account are known.
--   A line states a price in full; one that withdraws a price ends all entries of its key at valid_from.
-- Inputs: price_import; own_code, the company meant by an empty cell; companies and starts: whose prices the
--   file may set, and from when by default; from_*/to_*: what the words of valid_from and valid_to mean.
-- Locks: none; the caller holds the books. A second run breaks the primary key.
WITH price AS (
    SELECT
        l.line,
        company.id AS company_id,
        product.id AS product_id,
        currency.code AS currency,
        account.id AS account_id,
        coalesce(from_word.instant, own.valid_from) AS valid_from,
        to_word.instant AS valid_to,
        coalesce(nullif(l.model, ''), 'per_unit') AS model,
        l.amounts[1] AS unit_price,
        l.amounts[2] AS fee,
        l.amounts[3] AS package_size,
        l.amounts[4] AS package_price,
        l.amounts[5] AS percent,
        l.amounts[6] AS fixed_fee,
        coalesce(l.amounts[7], 0) AS included,
        l.amounts[8] AS cap,
        l.amounts[9] AS minimum,
        coalesce(nullif(l.scope, ''), 'resource') AS scope,
        l.tiers,
        coalesce(l.note, '') AS note,
        coalesce(lower(l.withdraw), '') IN ('yes', 'true', '1', 'x') AS is_withdrawn
    FROM catalogue_importline AS l
    JOIN catalogue_company AS company ON company.code = coalesce(nullif(l.company, ''), %(own_code)s)
    JOIN unnest(%(companies)s::bigint[], %(starts)s::timestamptz[]) AS own (company_id, valid_from)
        ON own.company_id = company.id
    JOIN catalogue_product AS product ON product.sku = l.sku
    JOIN catalogue_currency AS currency ON currency.code = coalesce(nullif(l.currency, ''), company.currency)
    LEFT JOIN catalogue_account AS account ON account.code = l.account AND account.company_id = company.id
    LEFT JOIN unnest(%(from_words)s::text[], %(from_companies)s::bigint[], %(from_instants)s::timestamptz[])
        AS from_word (text, company_id, instant)
        ON from_word.text = l.valid_from AND from_word.company_id = company.id
    LEFT JOIN unnest(%(to_words)s::text[], %(to_companies)s::bigint[], %(to_instants)s::timestamptz[])
        AS to_word (text, company_id, instant)
        ON to_word.text = l.valid_to AND to_word.company_id = company.id
    WHERE l.price_import_id = %(price_import)s
        AND (coalesce(l.account, '') = '' OR account.id IS NOT NULL)
        AND coalesce(l.model, '')
            IN ('', 'per_unit', 'flat', 'graduated', 'volume', 'stairstep', 'package', 'percentage')
        AND coalesce(l.scope, '') IN ('', 'resource', 'account')
), compared AS (
    SELECT
        price.*,
        old.id AS old_id,
        CASE
            WHEN price.is_withdrawn THEN
                CASE
                    WHEN EXISTS (
                        SELECT
                        FROM catalogue_price AS entry
                        WHERE entry.company_id = price.company_id
                            AND entry.product_id = price.product_id
                            AND entry.currency = price.currency
                            AND entry.account_id IS NOT DISTINCT FROM price.account_id
                            AND entry.superseded_at IS NULL
                            AND (entry.valid_to IS NULL OR entry.valid_to > price.valid_from)
                    ) THEN 'withdrawn'
                    ELSE 'unchanged'
                END
            WHEN old.id IS NULL THEN 'new'
            WHEN (price.model, price.unit_price, price.fee, price.package_size, price.package_price, price.percent,
                    coalesce(price.fixed_fee, 0), price.included, price.cap, price.minimum, price.scope)
                IS NOT DISTINCT FROM (old.model, old.unit_price, old.fee, old.package_size, old.package_price,
                    old.percent, coalesce(old.fixed_fee, 0), old.included, old.cap, old.minimum, old.scope)
                AND price.tiers IS NOT DISTINCT FROM (
                    SELECT jsonb_agg(
                        jsonb_build_array(tier.up_to, tier.unit_price, tier.flat_fee) ORDER BY tier.position
                    )
                    FROM catalogue_pricetier AS tier
                    WHERE tier.price_id = old.id
                )
                AND (old.valid_to IS NULL OR old.valid_to >= price.valid_to)
            THEN 'unchanged'
            ELSE 'changed'
        END AS action,
        CASE
            WHEN old.model = price.model
            THEN coalesce(old.unit_price, old.fee, old.package_price / nullif(old.package_size, 0), old.percent)
        END AS old_number,
        coalesce(price.unit_price, price.fee, price.package_price / nullif(price.package_size, 0), price.percent)
            AS new_number
    FROM price
    LEFT JOIN LATERAL (
        SELECT entry.*
        FROM catalogue_price AS entry
        WHERE entry.company_id = price.company_id
            AND entry.product_id = price.product_id
            AND entry.currency = price.currency
            AND entry.account_id IS NOT DISTINCT FROM price.account_id
            AND entry.superseded_at IS NULL
            AND entry.valid_from <= price.valid_from
            AND (entry.valid_to IS NULL OR entry.valid_to > price.valid_from)
        ORDER BY entry.valid_from DESC, entry.id DESC
        LIMIT 1
    ) AS old ON true
)
INSERT INTO catalogue_pricechange (
    price_import_id, line, action, company_id, product_id, currency, account_id, valid_from, valid_to, model,
    unit_price, fee, package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, tiers, note,
    price_id, old_price_id, change_percent
)
SELECT
    %(price_import)s, line, action, company_id, product_id, currency, account_id, valid_from, valid_to, model,
    unit_price, fee, package_size, package_price, percent, fixed_fee, included, cap, minimum, scope, tiers, note,
    CASE WHEN action IN ('new', 'changed') THEN nextval('catalogue_price_id_seq') END,
    old_id,
    CASE WHEN action = 'changed' AND old_number > 0 THEN round((new_number - old_number) * 100 / old_number, 2) END
FROM compared
