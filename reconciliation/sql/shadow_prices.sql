-- Grain: one row an entry in force of the books of %(books)s for the products %(products)s, in the order entered;
-- instants in microseconds of UTC.
SELECT id, company_id, product_id, currency, account_id, (extract(epoch FROM valid_from) * 1000000)::bigint AS valid_from,
       (extract(epoch FROM valid_to) * 1000000)::bigint AS valid_to, model, unit_price, fee, package_size,
       package_price, percent, fixed_fee, included, cap, minimum, scope
  FROM catalogue_price
 WHERE superseded_at IS NULL AND company_id = ANY(%(books)s) AND product_id = ANY(%(products)s)
 ORDER BY id
