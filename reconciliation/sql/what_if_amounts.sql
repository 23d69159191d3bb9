-- Grain: one row a %(by)s (product, account or all), side and currency of the charges just computed (target_charge), with
-- their rounded amounts; what a customer pays for what it used, before discounts and corrections.
SELECT CASE %(by)s WHEN 'account' THEN a.code WHEN 'product' THEN d.sku ELSE '' END AS key,
       CASE %(by)s WHEN 'account' THEN a.name WHEN 'product' THEN d.name ELSE '' END AS detail,
       CASE WHEN %(by)s = 'product' THEN d.id END AS product_id, t.side, t.currency, sum(t.net_amount) AS amount
  FROM target_charge t
  JOIN catalogue_account a ON a.id = t.account_id
  JOIN catalogue_product d ON d.id = t.product_id
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 4, 5
