-- Grain: one row a resource, dealt to the accounts in turn.
INSERT INTO metering_resource (head_office_id, name, account_id, state, created_at)
SELECT c.id, 'r' || n, a.first + n %% a.number, 'active', '2026-01-10'
  FROM generate_series(1, %(resources)s) n
 CROSS JOIN (SELECT id FROM catalogue_company WHERE parent_id IS NULL) c
 CROSS JOIN (SELECT min(id) AS first, count(*) AS number FROM catalogue_account) a
