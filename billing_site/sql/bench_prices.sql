-- Grain: one row a company's price of a product: a tenth graduated, a tenth packages, the rest per unit, some of
-- them with included units or a cap.
INSERT INTO catalogue_price (company_id, product_id, currency, valid_from, model, unit_price, included, scope, note,
       package_size, package_price, cap)
SELECT c.id, p.id, c.currency, '2025-01-01',
       CASE p.id %% 10 WHEN 1 THEN 'graduated' WHEN 2 THEN 'package' ELSE 'per_unit' END, 0.0123 * (p.id %% 17 + 1),
       CASE p.id %% 10 WHEN 3 THEN 10 ELSE 0 END, 'resource', '', 100, 5, CASE p.id %% 10 WHEN 4 THEN 33.60 END
  FROM catalogue_company c CROSS JOIN catalogue_product p
 WHERE %(products)s > 0
