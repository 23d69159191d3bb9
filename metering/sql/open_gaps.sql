-- Grain: one row a hole between two records. One that is open already keeps its row, and learns if its end moved; one
-- that was dismissed stays so.
-- A second run adds and changes nothing.
INSERT INTO metering_eventexception
       (kind, key, head_office_id, company_id, account_id, resource, source, event_id, sku, gap_start, gap_end,
        opened_at)
SELECT 'gap', concat_ws(' ', resource, sku, extract(epoch FROM gap_start)), head_office_id, company_id, account_id,
       resource, '', '', sku, gap_start, gap_end, %(now)s
  FROM series_gap WHERE gap_start IS NOT NULL
 ORDER BY resource, sku, gap_start
    ON CONFLICT (head_office_id, kind, key) WHERE closed_at IS NULL
    DO UPDATE SET gap_end = excluded.gap_end, estimated_at = NULL
 WHERE metering_eventexception.gap_end IS DISTINCT FROM excluded.gap_end
   AND metering_eventexception.closed_at IS NULL
