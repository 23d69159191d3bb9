-- Grain: one row a line of `incoming_control_total` with an account that neither %(company_id)s nor its sales offices
-- have, with an unknown product, or with the key of an earlier line (`first_line`); by line.
SELECT i.line, i.account, i.sku, a.id IS NULL AS account_is_unknown, p.id IS NULL AS sku_is_unknown, i.first_line
  FROM (SELECT t.*, min(line) OVER (PARTITION BY source, account, sku, day) AS first_line
          FROM incoming_control_total t) i
  LEFT JOIN (catalogue_account a
             JOIN catalogue_company c ON c.id = a.company_id AND %(company_id)s IN (c.id, c.parent_id))
         ON a.code = i.account
  LEFT JOIN catalogue_product p ON p.sku = i.sku
 WHERE a.id IS NULL OR p.id IS NULL OR i.line > i.first_line
 ORDER BY i.line
 LIMIT %(at_most)s
