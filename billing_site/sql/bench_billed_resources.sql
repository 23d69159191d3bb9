-- Grain: one row a resource, ten for each account of %(company_id)s.
INSERT INTO metering_resource (head_office_id, name, account_id, state, created_at)
SELECT a.company_id, 'r' || a.id || '-' || n, a.id, 'active', '2026-01-10'
  FROM catalogue_account a CROSS JOIN generate_series(1, 10) n
 WHERE a.company_id = %(company_id)s
