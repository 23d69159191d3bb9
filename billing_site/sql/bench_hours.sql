-- Grain: one row an hourly usage record of %(resources)s resources, for hours
-- %(first)s to %(last)s, in order of time as ids are given. Batch %(batch)s.
INSERT INTO metering_usageevent (uid, batch_id, head_office_id, company_id, source, event_id, time, received_at, account,
       resource, until, sku, quantity, unit, voids)
SELECT (lpad(to_hex(%(batch)s), 8, '0') || lpad(to_hex(k * 1000000 + n), 24, '0'))::uuid, %(batch)s, c.id, c.id,
       'meters', 'u' || n || '/' || k, h.time, h.time, '', 'r' || n,
       CASE n %% 2 WHEN 0 THEN h.time + interval '1 hour' END, 'P10', 1.5, '', ''
  FROM generate_series(%(first)s, %(last)s) k
 CROSS JOIN LATERAL (SELECT '2026-03-02'::timestamptz + k * interval '1 hour' AS time) h
 CROSS JOIN generate_series(1, %(resources)s) n
 CROSS JOIN (SELECT id FROM catalogue_company WHERE parent_id IS NULL) c
