-- Report what is wrong with the products of a wide file.
-- Grain: one row of catalogue_importfinding for each line and broken rule, a thousand of a kind at most.
-- Inputs: price_import; from_words and to_words, the words of valid_from and valid_to that are understood;
--   unit_factor_words, those of unit_factors; sales_office (its code, if one uploads the file).
-- Locks: none. A second run reports everything twice; the findings of an earlier check are deleted before.
INSERT INTO catalogue_importfinding (price_import_id, severity, line, "column", code, sentence)
SELECT %(price_import)s, 'error', fault.line, fault.rule ->> 0, fault.rule ->> 1, fault.rule ->> 2
FROM (
    SELECT l.line, broken.rule, row_number() OVER (PARTITION BY broken.rule ->> 1 ORDER BY l.line) AS nth
    FROM catalogue_importline AS l
    JOIN catalogue_productchange AS change ON change.price_import_id = l.price_import_id AND change.line = l.line
    LEFT JOIN catalogue_product AS old ON old.id = change.product_id
    LEFT JOIN catalogue_unitspelling AS spelling ON spelling.spelling = l.unit
    -- One array a line, nearly always empty: a row for each rule would cost ten times as much.
    CROSS JOIN LATERAL unnest(array_remove(ARRAY[
        CASE WHEN l.sku = '' THEN jsonb_build_array('sku', 'no_sku',
            'The SKU is empty: every line needs the SKU of its product.')
        END,
        CASE WHEN char_length(l.sku) > 120 THEN jsonb_build_array('sku', 'too_long',
            'The SKU has more than 120 characters.')
        END,
        CASE WHEN char_length(l.name) > 250 THEN jsonb_build_array('name', 'too_long',
            'The name has more than 250 characters.')
        END,
        CASE WHEN char_length(l.family) > 120 THEN jsonb_build_array('family', 'too_long',
            'The family has more than 120 characters.')
        END,
        CASE WHEN char_length(l.category) > 120 THEN jsonb_build_array('category', 'too_long',
            'The category has more than 120 characters.')
        END,
        CASE WHEN char_length(l.provider) > 40 THEN jsonb_build_array('provider', 'too_long',
            'The provider has more than 40 characters.')
        END,
        CASE WHEN char_length(l.region) > 60 THEN jsonb_build_array('region', 'too_long',
            'The region has more than 60 characters.')
        END,
        CASE
            WHEN l.unit <> '' AND spelling.unit IS NULL THEN jsonb_build_array('unit', 'unknown_unit', format(
                'The unit %%L is not in the table of unit spellings: write it as there, or add it.', l.unit))
            WHEN spelling.unit IS NULL AND old.id IS NULL THEN jsonb_build_array('unit', 'unknown_unit',
                'A new product needs a unit.')
            WHEN spelling.unit <> old.unit THEN jsonb_build_array('unit', 'unit_changed', format(
                'The unit of this product is %%s and cannot become %%s: take another SKU.', old.unit, spelling.unit))
            WHEN old.id IS NULL AND change.kind = 'recurring' AND spelling.unit NOT IN ('month', 'year')
            THEN jsonb_build_array('unit', 'no_cycle', format(
                'A subscription is priced a month or a year, not a %%s.', spelling.unit))
        END,
        CASE WHEN l.charge_type NOT IN ('', 'usage', 'subscription') THEN jsonb_build_array(
            'charge_type', 'unknown_charge_type', format(
                'The charge type %%L is not known: write usage or subscription.', l.charge_type))
        END,
        CASE
            WHEN l.kind NOT IN ('', 'time', 'usage', 'recurring', 'one_time') THEN jsonb_build_array(
                'kind', 'unknown_kind', format(
                    'The kind %%L is not known: write time, usage, recurring or one_time.', l.kind))
            WHEN old.id IS NULL AND coalesce(l.kind, '') = '' AND coalesce(l.charge_type, '') = ''
            THEN jsonb_build_array('kind', 'unknown_kind',
                'A new product needs a charge type (usage or subscription) or a kind.')
            WHEN nullif(l.kind, '') <> old.kind
                OR (l.charge_type = 'usage' AND old.kind NOT IN ('time', 'usage'))
                OR (l.charge_type = 'subscription' AND old.kind <> 'recurring')
            THEN jsonb_build_array('kind', 'kind_changed', format(
                'The kind of this product is %%s and cannot change: take another SKU.', old.kind))
        END,
        CASE
            WHEN l.aggregation NOT IN ('', 'sum', 'max', 'last', 'unique') THEN jsonb_build_array(
                'aggregation', 'unknown_aggregation', format(
                    'The aggregation %%L is not known: write sum, max, last or unique.', l.aggregation))
            WHEN nullif(l.aggregation, '') <> old.aggregation THEN jsonb_build_array(
                'aggregation', 'aggregation_changed', format(
                    'The aggregation of this product is %%s and cannot change: take another SKU.', old.aggregation))
        END,
        CASE WHEN l.tax_category NOT IN ('', 'standard', 'reduced', 'zero', 'exempt', 'reverse_charge')
        THEN jsonb_build_array('tax_category', 'unknown_tax_category', format(
            'The tax category %%L is not known: write standard, reduced, zero, exempt or reverse_charge.',
            l.tax_category))
        END,
        CASE
            WHEN coalesce(l.unit_factors, '') = '' THEN NULL
            WHEN l.unit_factors <> ALL (%(unit_factor_words)s::text[]) THEN jsonb_build_array(
                'unit_factors', 'invalid_unit_factors', format(
                    '%%L names no unit factors: write unit=ratio, separated by semicolons, such as second=1/3600.',
                    l.unit_factors))
            WHEN EXISTS (
                SELECT
                FROM string_to_table(l.unit_factors, ';') AS part (text)
                JOIN catalogue_unitfactor AS standing
                    ON standing.product_id = old.id AND standing.unit = btrim(split_part(part.text, '=', 1))
                WHERE standing.numerator::numeric
                    * coalesce(nullif(split_part(split_part(part.text, '=', 2), '/', 2), ''), '1')::numeric
                    <> standing.denominator * split_part(split_part(part.text, '=', 2), '/', 1)::numeric
            ) THEN jsonb_build_array('unit_factors', 'unit_factor_changed',
                'A unit factor of this product is another one and cannot change: take another SKU.')
        END,
        CASE
            WHEN lower(l.withdraw) NOT IN ('', 'yes', 'true', '1', 'x', 'no', 'false', '0') THEN jsonb_build_array(
                'withdraw', 'invalid_withdraw', format(
                    '%%L does not say whether the product is withdrawn: write yes, no or nothing.', l.withdraw))
            WHEN old.id IS NULL AND lower(l.withdraw) IN ('yes', 'true', '1', 'x') THEN jsonb_build_array(
                'withdraw', 'invalid_withdraw', 'There is no product with this SKU that could be withdrawn.')
        END,
        CASE WHEN l.valid_from <> '' AND l.valid_from <> ALL (%(from_words)s::text[]) THEN jsonb_build_array(
            'valid_from', 'not_an_instant', format(
                '%%L is neither a date nor an instant with a zone: write 2026-04-02 or 2026-04-02T00:00:00Z.',
                l.valid_from))
        END,
        CASE
            WHEN l.valid_to <> '' AND l.valid_to <> ALL (%(to_words)s::text[]) THEN jsonb_build_array(
                'valid_to', 'not_an_instant', format(
                    '%%L is neither a date nor an instant with a zone: write 2026-04-02 or 2026-04-02T00:00:00Z.',
                    l.valid_to))
            WHEN change.valid_to <= change.valid_from THEN jsonb_build_array('valid_to', 'ends_before_it_starts',
                'A price must end after it starts: valid_to is exclusive.')
        END,
        CASE
            WHEN %(sales_office)s::text IS NULL THEN NULL
            WHEN old.id IS NULL THEN jsonb_build_array('sku', 'only_the_head_office', format(
                '%%s cannot add products: ask the head office for this SKU.', %(sales_office)s::text))
            WHEN change.action IN ('changed', 'withdrawn') THEN jsonb_build_array('sku', 'only_the_head_office', format(
                '%%s sets its prices only: the other columns must say what the catalogue says.',
                %(sales_office)s::text))
        END
    ], NULL)) AS broken (rule)
    WHERE l.price_import_id = %(price_import)s
) AS fault
WHERE fault.nth <= 1000
