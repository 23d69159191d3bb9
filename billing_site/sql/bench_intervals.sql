-- Grain: one row a resource's life: one item of every fifth, two of the others.
INSERT INTO metering_resourceinterval (resource_id, started_at, ended_at, account_id, state, product_ids, quantities)
SELECT r.id, '2026-02-01'::timestamptz + r.id %% 5000 * interval '7 minutes', NULL, r.account_id, 'active',
       CASE r.id %% 5 WHEN 0 THEN ARRAY[p.first + r.id %% 29 * 10]
                     ELSE ARRAY[p.first + r.id %% 29 * 10 + r.id %% 9,
                                p.first + (r.id + 3) %% 29 * 10 + (r.id + 3) %% 9] END,
       CASE r.id %% 5 WHEN 0 THEN ARRAY[1.0] ELSE ARRAY[1.0, 40.0] END
  FROM metering_resource r CROSS JOIN (SELECT min(id) AS first FROM catalogue_product) p
 WHERE %(resources)s > 0
