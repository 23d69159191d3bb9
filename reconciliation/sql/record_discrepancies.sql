-- Grain: one row a compared key on which the two systems do not agree: first minus second. Equal ones are not kept.
INSERT INTO reconciliation_discrepancy (run_id, kind, account, sku, resource, key, first, second, difference)
SELECT %(run)s, CASE WHEN second IS NULL THEN 'missing' WHEN first IS NULL THEN 'extra' ELSE 'mismatch' END,
       account, sku, resource, key, first, second, coalesce(first, 0) - coalesce(second, 0)
  FROM compared WHERE first IS DISTINCT FROM second
 ORDER BY key
