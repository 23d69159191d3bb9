-- List the books that an import writes to.
-- Grain: one row a company, with the earliest valid_from and the products; null for more than 10,000 of them.
-- Inputs: price_import.
SELECT
    company_id,
    CASE WHEN count(*) <= 10000 THEN array_agg(DISTINCT product_id) END AS product_ids,
    min(valid_from) AS valid_from
FROM catalogue_pricechange
WHERE price_import_id = %(price_import)s AND action <> 'unchanged'
GROUP BY company_id
ORDER BY company_id
