-- Grain: one row a usage record of every fifth resource.
INSERT INTO metering_usageevent (uid, batch_id, head_office_id, company_id, source, event_id, time, received_at, account,
       resource, sku, quantity, unit, voids)
SELECT gen_random_uuid(), 1, r.head_office_id, r.head_office_id, 'meters', 'u' || r.id,
       '2026-03-05'::timestamptz + r.id %% 1000 * interval '1 minute', '2026-03-06', '', r.name,
       'P' || 10 * (1 + r.id %% 29), 12.5, '', ''
  FROM metering_resource r WHERE r.id %% 5 = 0 AND %(resources)s > 0
