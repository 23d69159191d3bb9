-- Grain: one row a line of `incoming_control_total` that is new, or other than what stands. A second run stores none.
INSERT INTO reconciliation_controltotal AS c (company_id, source, day, account_id, product_id, quantity)
SELECT %(company_id)s, i.source, i.day, a.id, p.id, i.quantity
  FROM incoming_control_total i
  JOIN catalogue_account a ON a.code = i.account
  JOIN catalogue_product p ON p.sku = i.sku
    ON CONFLICT (company_id, day, source, account_id, product_id) DO UPDATE SET quantity = excluded.quantity
 WHERE c.quantity <> excluded.quantity
