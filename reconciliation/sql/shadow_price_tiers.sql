-- Grain: one row a tier of the prices %(prices)s, lowest first.
SELECT price_id, lower, up_to, unit_price, flat_fee
  FROM catalogue_pricetier WHERE price_id = ANY(%(prices)s) ORDER BY price_id, position
