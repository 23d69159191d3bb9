-- Grain: one row a unit of what was compared: the account's currency where %(measure)s is amount, the product's unit
-- where it is quantity. How many keys, how many of them the run %(run)s found to differ, and both sides added up.
WITH part AS (
    SELECT CASE %(measure)s WHEN 'amount' THEN c.account ELSE c.sku END AS code, count(*) AS compared,
           count(d.id) AS differing, sum(c.first) AS first, sum(c.second) AS second
      FROM compared c
      LEFT JOIN reconciliation_discrepancy d ON d.run_id = %(run)s AND d.key = c.key
     GROUP BY 1
)
SELECT coalesce(CASE %(measure)s WHEN 'amount' THEN a.currency ELSE p.unit END, '') AS unit,
       sum(compared)::integer AS compared, sum(differing)::integer AS differing, coalesce(sum(first), 0) AS first,
       coalesce(sum(second), 0) AS second
  FROM part
  LEFT JOIN catalogue_account a ON a.code = part.code
  LEFT JOIN catalogue_product p ON p.sku = part.code
 GROUP BY 1
 ORDER BY 1
