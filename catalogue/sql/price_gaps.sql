-- List where a company's book has no price of a product that is sold.
-- Grain: one gap of a product and currency: gap_from to gap_to (null: open); gap_from null: there never was a price
--   in the company's own currency. By sku, currency, gap_from.
-- Inputs: company, since (gaps that end before it are left out), after_sku, after_currency, after_from (the last row
--   seen; '' at first), most. Reads only.
WITH covered AS (
    SELECT
        product_id,
        currency,
        min(valid_from) AS starts_at,
        range_agg(tstzrange(valid_from, valid_to)) AS ranges
    FROM catalogue_price
    WHERE company_id = %(company)s AND account_id IS NULL AND superseded_at IS NULL
    GROUP BY product_id, currency
),
own AS (
    SELECT product.id AS product_id, company.currency
    FROM catalogue_product AS product
    CROSS JOIN catalogue_company AS company
    WHERE company.id = %(company)s
),
-- Not inlined: for the first rows alone the planner would take loops over everything.
gaps AS MATERIALIZED (
    SELECT product.sku, product.name, currency, CASE WHEN starts_at IS NOT NULL THEN lower(gap) END AS gap_from,
        upper(gap) AS gap_to
    FROM own
    FULL JOIN covered USING (product_id, currency)
    JOIN catalogue_product AS product ON product.id = product_id
    CROSS JOIN LATERAL unnest(
        tstzmultirange(
            tstzrange(starts_at, CASE WHEN ended_at IS NOT NULL THEN greatest(ended_at, starts_at) END)
        ) - coalesce(ranges, '{}')
    ) AS gap
)
SELECT sku, name, currency, gap_from, gap_to
FROM gaps
WHERE (gap_to IS NULL OR gap_to > %(since)s)
    AND (sku, currency, coalesce(gap_from, '-infinity'))
        > (%(after_sku)s, %(after_currency)s, coalesce(%(after_from)s::timestamptz, '-infinity'))
ORDER BY sku, currency, coalesce(gap_from, '-infinity')
LIMIT %(most)s
