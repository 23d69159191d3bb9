-- Grain: one row a charge in `rated_again`, in units of quantity and money. remove_secondary_charges has run.
INSERT INTO reconciliation_secondarycharge (company_id, month, side, account_id, resource, product_id, item_quantity,
       price_id, order_id, cycle_start, quantity, charge_amount, true_up_amount)
SELECT a.company_id, %(month)s, r.side, r.account_id, coalesce(r.resource, ''), r.product_id, r.item_quantity,
       r.price_id, r.order_id, r.cycle_start, r.quantity * 0.000000000001, r.charge * u.unit, r.true_up * u.unit
  FROM rated_again r
  JOIN catalogue_account a ON a.id = r.account_id
  JOIN catalogue_company s ON s.id = a.company_id
  LEFT JOIN catalogue_company h ON h.id = s.parent_id
  JOIN catalogue_currency c ON c.code = CASE r.side WHEN 'sell' THEN a.currency ELSE h.currency END
 CROSS JOIN LATERAL (SELECT 0.1 ^ c.minor_units AS unit) u
