-- Grain: one row a lifecycle event of %(resources)s resources, the first %(events)s of each, two hours apart: created,
-- stopped, started, resized and so on. Every fourth resource has one event less. Batch %(batch)s.
INSERT INTO metering_lifecycleevent (uid, batch_id, head_office_id, company_id, source, event_id, time, received_at,
       account, resource, type, sequence, items)
SELECT (lpad(to_hex(%(batch)s), 8, '0') || lpad(to_hex(k * 1000000 + n), 24, '0'))::uuid, %(batch)s, c.id, c.id,
       'orders', n || '/' || k,
       '2026-03-01'::timestamptz + n %% 60 * interval '1 minute' + k * interval '2 hours', '2026-03-02',
       CASE k WHEN 0 THEN 'A' || n %% %(accounts)s ELSE '' END, 'r' || n,
       CASE WHEN k = 0 THEN 'created' WHEN k %% 3 = 1 THEN 'stopped' WHEN k %% 3 = 2 THEN 'started' ELSE 'resized' END,
       0, CASE WHEN k = 0 OR k %% 3 = 0 THEN
            jsonb_build_array(jsonb_build_object('sku', 'P' || 1 + n %% 9, 'quantity', (1 + k %% 5)::text)) END
  FROM generate_series(1, %(resources)s) n
 CROSS JOIN generate_series(0, %(events)s - 1) k
 CROSS JOIN (SELECT id FROM catalogue_company WHERE parent_id IS NULL) c
 WHERE n %% 4 <> 0 OR k < %(events)s - 1 OR k = 0
 ORDER BY k, n
