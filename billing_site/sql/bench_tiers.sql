-- Grain: one row a tier of a graduated price.
INSERT INTO catalogue_pricetier (price_id, position, lower, up_to, unit_price, flat_fee)
SELECT x.id, t.position, t.lower, t.up_to, t.unit_price, 0
  FROM catalogue_price x
 CROSS JOIN (VALUES (1, 0, 100, 0.10), (2, 100, 500, 0.08), (3, 500, NULL, 0.05))
       AS t(position, lower, up_to, unit_price)
 WHERE x.model = 'graduated'
