-- Grain: one row a question about a product that exists: its columns, and (null: there is none) the price in force
-- in a company's book and currency at an instant. A price agreed with the question's account beats the book (account
-- null: only the book), then the latest valid_from counts, then the one entered last. Reads only.
SELECT q.question::integer AS question, d.id AS product_id, d.sku, d.name, d.family, d.unit, d.kind, d.tax_category,
       d.ended_at, p.*
  FROM unnest(%(companies)s::bigint[], %(skus)s::text[], %(currencies)s::text[], %(accounts)s::bigint[],
              %(instants)s::timestamptz[])
       WITH ORDINALITY AS q(company_id, sku, currency, account_id, instant, question)
  JOIN catalogue_product d ON d.sku = q.sku
  LEFT JOIN LATERAL (
    SELECT x.id AS price_id, x.account_id, x.valid_from, x.valid_to, x.model, x.unit_price, x.fee, x.package_size,
           x.package_price, x.percent, x.fixed_fee, x.included, x.cap, x.minimum, x.scope,
           ARRAY(SELECT ARRAY[t.up_to, t.unit_price, t.flat_fee] FROM catalogue_pricetier t
                  WHERE t.price_id = x.id ORDER BY t.position) AS tiers
      FROM catalogue_price x
     WHERE x.company_id = q.company_id AND x.product_id = d.id AND x.currency = q.currency
       AND (x.account_id IS NULL OR x.account_id = q.account_id) AND x.superseded_at IS NULL
       AND x.valid_from <= q.instant AND (x.valid_to IS NULL OR x.valid_to > q.instant)
     ORDER BY x.account_id NULLS LAST, x.valid_from DESC, x.id DESC
     LIMIT 1
  ) p ON true
 ORDER BY q.question
