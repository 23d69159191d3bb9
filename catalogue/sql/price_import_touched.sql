-- List the books that an import writes to.
-- Grain: one row a company, with the earliest valid_from and how many prices change.
-- Inputs: price_import.
SELECT
    company_id,
    min(valid_from) AS valid_from,
    count(*) AS prices
FROM catalogue_pricechange
WHERE price_import_id = %(price_import)s AND action <> 'unchanged'
GROUP BY company_id
ORDER BY company_id
