-- Compare the products of a wide file with the catalogue.
-- Grain: one row of catalogue_productchange for each staged line; a new product gets its id reserved.
-- Inputs: price_import; the position of every column (null: the file has none); head_office and effective (its
--   default valid_from); from_words/from_companies/from_instants: what the words of valid_from mean.
-- Locks: none. A second run breaks the primary key; the first one's rows are deleted before.
WITH line AS (
    SELECT
        l.line,
        l.cells[%(sku)s] AS sku,
        nullif(l.cells[%(name)s], '') AS name,
        nullif(l.cells[%(family)s], '') AS family,
        nullif(l.cells[%(category)s], '') AS category,
        nullif(l.cells[%(provider)s], '') AS provider,
        nullif(l.cells[%(region)s], '') AS region,
        spelling.unit,
        nullif(l.cells[%(kind)s], '') AS kind,
        l.cells[%(charge_type)s] AS charge_type,
        nullif(l.cells[%(aggregation)s], '') AS aggregation,
        nullif(l.cells[%(tax_category)s], '') AS tax_category,
        coalesce(l.cells[%(unit_factors)s], '') AS unit_factors,
        coalesce(l.cells[%(cost_basis)s], '') AS note,
        coalesce(word.instant, %(effective)s) AS valid_from,
        CASE
            WHEN lower(l.cells[%(withdraw)s]) IN ('yes', 'true', '1', 'x') THEN true
            WHEN lower(l.cells[%(withdraw)s]) IN ('no', 'false', '0') THEN false
        END AS withdraw
    FROM catalogue_importline AS l
    LEFT JOIN catalogue_unitspelling AS spelling ON spelling.spelling = l.cells[%(unit)s]
    LEFT JOIN unnest(%(from_words)s::text[], %(from_companies)s::bigint[], %(from_instants)s::timestamptz[])
        AS word (text, company_id, instant)
        ON word.text = l.cells[%(valid_from)s] AND word.company_id = %(head_office)s
    WHERE l.price_import_id = %(price_import)s
), product AS (
    SELECT
        line.line,
        line.sku,
        old.id AS old_id,
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
        line.unit_factors,
        line.note,
        old
    FROM line
    LEFT JOIN catalogue_product AS old ON old.sku = line.sku
)
INSERT INTO catalogue_productchange (
    price_import_id, line, action, product_id, sku, name, family, category, provider, region, unit, kind,
    aggregation, tax_category, ended_at, unit_factors, note, before
)
SELECT
    %(price_import)s,
    p.line,
    CASE
        WHEN p.old_id IS NULL THEN 'new'
        WHEN p.ended_at IS NOT NULL AND p.ended_at IS DISTINCT FROM (p.old).ended_at THEN 'withdrawn'
        WHEN (p.name, p.family, p.category, p.provider, p.region, p.tax_category, p.ended_at)
            IS DISTINCT FROM ((p.old).name, (p.old).family, (p.old).category, (p.old).provider,
                (p.old).region, (p.old).tax_category, (p.old).ended_at) THEN 'changed'
        ELSE 'unchanged'
    END,
    coalesce(p.old_id, nextval(pg_get_serial_sequence('catalogue_product', 'id'))),
    p.sku, p.name, p.family, p.category, p.provider, p.region, p.unit, p.kind,
    p.aggregation, p.tax_category, p.ended_at, p.unit_factors, p.note,
    CASE
        WHEN (p.name, p.family, p.category, p.provider, p.region, p.tax_category, p.ended_at)
            IS DISTINCT FROM ((p.old).name, (p.old).family, (p.old).category, (p.old).provider,
                (p.old).region, (p.old).tax_category, (p.old).ended_at) AND p.old_id IS NOT NULL
        THEN jsonb_build_object(
            'name', (p.old).name, 'family', (p.old).family, 'category', (p.old).category,
            'provider', (p.old).provider, 'region', (p.old).region, 'tax_category', (p.old).tax_category,
            'ended_at', (p.old).ended_at
        )
    END
FROM product AS p
