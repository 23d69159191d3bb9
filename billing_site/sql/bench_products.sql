-- Grain: one row a product, a tenth of them metered, the rest billed by time.
INSERT INTO catalogue_product (sku, name, family, category, provider, region, unit, kind, aggregation, cycle, in_advance,
       proration, billed_states, time_rounding, tax_category)
SELECT 'P' || n, '', '', '', '', '', 'hour', CASE WHEN n %% 10 = 0 THEN 'usage' ELSE 'time' END, 'sum', '', false, 'day',
       '{active}', 'exact', 'standard'
  FROM generate_series(1, %(products)s) n
