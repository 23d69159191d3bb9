-- Grain: one row a key of `compared` that only the second system has, where it has the same account, SKU, resource and
-- measure once more, and there both systems agree.
SELECT e.key
  FROM compared e
 WHERE e.first IS NULL
   AND EXISTS (SELECT FROM compared o
                WHERE (o.account, o.sku, o.resource, o.second) = (e.account, e.sku, e.resource, e.second)
                  AND o.first = o.second AND o.key <> e.key)
