-- Grain: one row a hole between two records with `until` of a resource and SKU that were looked at now, in which
-- the resource was active; and one row without a hole (`gap_start` null) for each resource and SKU that has none.
-- Holes before the first record looked at are as they were: they begin before `same_until`, up to which the records
-- before it cover.
CREATE TEMP TABLE series_gap ON COMMIT DROP AS
WITH judged AS (
    SELECT head_office_id, resource, resource_id, sku, min(time) AS first FROM judged_usage
     WHERE resource_id IS NOT NULL AND until IS NOT NULL
     GROUP BY head_office_id, resource, resource_id, sku
), series AS (
    SELECT j.*, coalesce(before.until, '-infinity') AS same_until
      FROM judged j
      LEFT JOIN LATERAL (
           SELECT u.until FROM metering_usageevent u
            WHERE u.head_office_id = j.head_office_id AND u.resource = j.resource AND u.until IS NOT NULL
              AND u.sku = j.sku AND u.time < j.first AND NOT EXISTS (
                  SELECT FROM metering_usageevent v
                   WHERE (v.head_office_id, v.source, v.voids) = (u.head_office_id, u.source, u.event_id)
                     AND v.voids <> ''
                     AND v.company_id IN (u.company_id, u.head_office_id))
            ORDER BY u.until DESC LIMIT 1) before ON true
), covered AS (
    SELECT s.head_office_id, s.resource, s.resource_id, s.sku, u.company_id, u.time,
           nullif(greatest(s.same_until, max(u.until) OVER (
               PARTITION BY s.resource_id, s.sku ORDER BY u.time, u.uid
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), '-infinity') AS covered_until
      FROM series s
      JOIN metering_usageevent u
        ON u.head_office_id = s.head_office_id AND u.resource = s.resource AND u.sku = s.sku AND u.time >= s.first
     WHERE u.until IS NOT NULL AND NOT EXISTS (
           SELECT FROM metering_usageevent v
            WHERE (v.head_office_id, v.source, v.voids) = (u.head_office_id, u.source, u.event_id) AND v.voids <> ''
              AND v.company_id IN (u.company_id, u.head_office_id))
), hole AS (
    SELECT c.resource_id, c.sku, c.company_id, c.covered_until AS gap_start, c.time AS gap_end,
           min(i.account_id) AS account_id
      FROM covered c
      JOIN metering_resourceinterval i ON i.resource_id = c.resource_id AND i.state = 'active'
       AND i.started_at < c.time AND coalesce(i.ended_at, 'infinity') > c.covered_until
     WHERE c.covered_until < c.time
     GROUP BY c.resource_id, c.sku, c.company_id, c.covered_until, c.time
)
SELECT s.head_office_id, s.resource, s.sku, s.same_until, h.company_id, h.account_id, h.gap_start, h.gap_end
  FROM series s LEFT JOIN hole h USING (resource_id, sku)
