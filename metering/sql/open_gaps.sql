-- Grain: one row a hole between two records. A second run adds nothing.
INSERT INTO metering_eventexception
       (kind, key, head_office_id, company_id, account_id, resource, source, event_id, sku, opened_at)
SELECT 'gap', concat_ws(' ', resource, sku, extract(epoch FROM gap_start)), head_office_id, company_id, account_id,
       resource, '', '', sku, %(now)s
  FROM series_gap WHERE gap_start IS NOT NULL
 ORDER BY resource, sku, gap_start
    ON CONFLICT DO NOTHING
