-- Grain: one row a sell charge of March 2026, ten for each resource of the accounts of %(company_id)s.
INSERT INTO metering_charge (side, kind, company_id, account_id, month, service_month, resource_id, product_id,
       item_quantity, price_id, currency, service_start, service_end, quantity, unit_price, amount, net_amount)
SELECT 'sell', 'charge', a.company_id, a.id, '2026-03-01', '2026-03-01', r.id, p.first + (r.id * 7 + n * 31) %% 300, 1,
       NULL, a.currency, '2026-02-28 23:00+00', '2026-03-31 22:00+00', 743, 0.0123 * n,
       743 * 0.0123 * n, round(743 * 0.0123 * n, 2)
  FROM catalogue_account a
  JOIN metering_resource r ON r.account_id = a.id
 CROSS JOIN generate_series(1, 10) n
 CROSS JOIN (SELECT min(id) AS first FROM catalogue_product) p
 WHERE a.company_id = %(company_id)s
 ORDER BY a.id
