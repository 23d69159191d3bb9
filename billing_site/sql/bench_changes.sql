-- Grain: one row a resize of each of %(resources)s resources at %(time)s. Batch %(batch)s.
INSERT INTO metering_lifecycleevent (uid, batch_id, head_office_id, company_id, source, event_id, time, received_at,
       account, resource, type, sequence, items)
SELECT (lpad(to_hex(%(batch)s), 8, '0') || lpad(to_hex(n), 24, '0'))::uuid, %(batch)s, c.id, c.id,
       'orders', n || '/turn ' || %(turn)s, %(time)s, %(time)s, '', 'r' || n, 'resized', 0, jsonb_build_array(jsonb_build_object('sku', 'P1', 'quantity', (2 + %(turn)s)::text))
  FROM generate_series(1, %(resources)s) n
 CROSS JOIN (SELECT id FROM catalogue_company WHERE parent_id IS NULL) c
