-- Compare the products of a wide file with the catalogue.
-- Grain: one row of catalogue_productchange for each staged line; the lines of a new SKU share a reserved id.
-- Inputs: price_import, head_office, effective (the default valid_from), from_*/to_*: what the words of
--   valid_from and valid_to mean to a company.
-- Locks: none. A second run breaks the primary key; the rows of an earlier check are deleted before.
WITH line AS (
    SELECT
        l.line,
        l.sku,
        nullif(l.name, '') AS name,
        nullif(l.family, '') AS family,
        nullif(l.category, '') AS category,
        nullif(l.provider, '') AS provider,
        nullif(l.region, '') AS region,
        spelling.unit,
        nullif(l.kind, '') AS kind,
        l.charge_type,
        nullif(l.aggregation, '') AS aggregation,
        nullif(l.tax_category, '') AS tax_category,
        coalesce(l.unit_factors, '') AS unit_factors,
        coalesce(l.cost_basis, '') AS note,
        coalesce(from_word.instant, %(effective)s) AS valid_from,
        to_word.instant AS valid_to,
        CASE
            WHEN lower(l.withdraw) IN ('yes', 'true', '1', 'x') THEN true
            WHEN lower(l.withdraw) IN ('no', 'false', '0') THEN false
        END AS withdraw
    FROM catalogue_importline AS l
    LEFT JOIN catalogue_unitspelling AS spelling ON spelling.spelling = l.unit
    LEFT JOIN unnest(%(from_words)s::text[], %(from_companies)s::bigint[], %(from_instants)s::timestamptz[])
        AS from_word (text, company_id, instant)
        ON from_word.text = l.valid_from AND from_word.company_id = %(head_office)s
    LEFT JOIN unnest(%(to_words)s::text[], %(to_companies)s::bigint[], %(to_instants)s::timestamptz[])
        AS to_word (text, company_id, instant)
        ON to_word.text = l.valid_to AND to_word.company_id = %(head_office)s
    WHERE l.price_import_id = %(price_import)s
), reserved AS MATERIALIZED (
    SELECT fresh.sku, nextval('catalogue_product_id_seq') AS id
    FROM (
        SELECT line.sku
        FROM line
        LEFT JOIN catalogue_product AS old ON old.sku = line.sku
        WHERE old.id IS NULL
        GROUP BY line.sku
        ORDER BY min(line.line)
    ) AS fresh
), product AS (
    SELECT
        line.line,
        line.sku,
        reserved.id AS new_id,
        coalesce(line.name, old.name, '') AS name,
        coalesce(line.family, old.family, '') AS family,
        coalesce(line.category, old.category, '') AS category,
        coalesce(line.provider, old.provider, '') AS provider,
        coalesce(line.region, old.region, '') AS region,
        coalesce(old.unit, line.unit, '') AS unit,
        coalesce(
            old.kind,
            line.kind,
            CASE
                WHEN line.charge_type = 'usage' AND line.unit = 'hour' THEN 'time'
                WHEN line.charge_type = 'usage' THEN 'usage'
                WHEN line.charge_type = 'subscription' THEN 'recurring'
                ELSE ''
            END
        ) AS kind,
        coalesce(old.aggregation, line.aggregation, 'sum') AS aggregation,
        coalesce(line.tax_category, old.tax_category, 'standard') AS tax_category,
        CASE
            WHEN line.withdraw THEN least(old.ended_at, line.valid_from)
            WHEN NOT line.withdraw THEN NULL
            ELSE old.ended_at
        END AS ended_at,
        line.valid_from,
        line.valid_to,
        line.unit_factors,
        line.note,
        old
    FROM line
    LEFT JOIN catalogue_product AS old ON old.sku = line.sku
    LEFT JOIN reserved ON reserved.sku = line.sku
), compared AS (
    SELECT
        p.*,
        CASE
            WHEN p.new_id IS NOT NULL THEN 'new'
            WHEN p.ended_at IS DISTINCT FROM (p.old).ended_at AND p.ended_at IS NOT NULL THEN 'withdrawn'
            WHEN (p.name, p.family, p.category, p.provider, p.region, p.tax_category, p.ended_at)
                IS DISTINCT FROM ((p.old).name, (p.old).family, (p.old).category, (p.old).provider,
                    (p.old).region, (p.old).tax_category, (p.old).ended_at) THEN 'changed'
            ELSE 'unchanged'
        END AS action
    FROM product AS p
)
INSERT INTO catalogue_productchange (
    price_import_id, line, action, product_id, sku, name, family, category, provider, region, unit, kind,
    aggregation, tax_category, ended_at, valid_from, valid_to, unit_factors, note, before
)
SELECT
    %(price_import)s, c.line, c.action, coalesce(c.new_id, (c.old).id), c.sku, c.name, c.family, c.category,
    c.provider, c.region, c.unit, c.kind, c.aggregation, c.tax_category, c.ended_at, c.valid_from, c.valid_to,
    c.unit_factors, c.note,
    CASE
        WHEN c.action IN ('changed', 'withdrawn') THEN jsonb_build_object(
            'name', (c.old).name, 'family', (c.old).family, 'category', (c.old).category,
            'provider', (c.old).provider, 'region', (c.old).region, 'tax_category', (c.old).tax_category,
            'ended_at', (c.old).ended_at
        )
    END
FROM compared AS c
