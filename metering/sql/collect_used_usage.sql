-- Grain: one row a usage record within a period: what was sent and is not void, in the product's unit as quantity x
-- numerator / denominator. A record with `until` stands in each period that it touches; with `may_overlap` it has
-- neighbours that cover its time, too, or may have some that are not collected here: it reaches over a bound, or its
-- resource was handed over. Usage belongs to the account that had the resource at its time.
-- %(first)s and %(last)s are the bounds of all periods, so that only their partitions are read: of earlier ones only
-- the records that reach into them, by the index of `until`.
CREATE TEMP TABLE used_usage ON COMMIT DROP AS
WITH had AS NOT MATERIALIZED (
    SELECT p.period_id, p.period_start, p.count_until, p.seller_id, l.resource_id, l.head_office_id, l.resource,
           l.started_at, l.ended_at
      FROM rating_period p JOIN known_life l USING (account_id)
), handed_over AS (
    SELECT l.resource_id FROM known_life l JOIN metering_resourceinterval i USING (resource_id)
     WHERE i.account_id <> l.account_id
    UNION ALL
    SELECT l.resource_id FROM known_life l JOIN rebuilt_interval i USING (resource_id)
     WHERE i.account_id <> l.account_id
), known AS (
    SELECT h.period_id, h.period_start, h.count_until, h.seller_id, h.resource_id, h.ended_at, u.uid, u.head_office_id,
           u.company_id, u.source, u.event_id, u.resource, u.account, u.time, u.until, u.received_at, u.sku,
           u.quantity, u.unit, u.voids
      FROM had h
      JOIN metering_usageevent u
        ON u.head_office_id = h.head_office_id AND u.resource = h.resource
       AND u.time >= h.started_at AND u.time < h.ended_at
     WHERE u.time >= %(first)s AND u.time < %(last)s
    UNION ALL
    SELECT h.period_id, h.period_start, h.count_until, h.seller_id, h.resource_id, h.ended_at, u.uid, u.head_office_id,
           u.company_id, u.source, u.event_id, u.resource, u.account, u.time, u.until, u.received_at, u.sku,
           u.quantity, u.unit, u.voids
      FROM had h
      JOIN metering_usageevent u
        ON u.head_office_id = h.head_office_id AND u.resource = h.resource
       AND u.time >= h.started_at AND u.time < h.ended_at
     WHERE u.time < %(first)s AND u.until > %(first)s
    UNION ALL
    SELECT p.period_id, p.period_start, p.count_until, p.seller_id, NULL, NULL, u.uid, u.head_office_id,
           u.company_id, u.source, u.event_id, u.resource, u.account, u.time, u.until, u.received_at, u.sku,
           u.quantity, u.unit, u.voids
      FROM rating_period p JOIN metering_usageevent u ON u.account = p.account AND u.resource = ''
     WHERE u.time >= %(first)s AND u.time < %(last)s OR u.time < %(first)s AND u.until > %(first)s
), counting AS (
    SELECT k.*, k.until IS NOT NULL
                AND (max(k.until) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > k.time
                     OR lead(k.time) OVER earlier < k.until
                     OR k.time < k.period_start OR k.until > least(k.count_until, k.ended_at)
                     OR k.resource_id IN (SELECT resource_id FROM handed_over)) AS may_overlap
      FROM known k
     WHERE k.voids = '' AND (%(received_by)s::timestamptz IS NULL OR k.received_at <= %(received_by)s)
       AND k.company_id IN (k.seller_id, k.head_office_id)
       AND k.time < k.count_until
       AND CASE WHEN k.until IS NULL THEN k.time >= k.period_start ELSE k.until > k.period_start END
       AND NOT EXISTS (
           SELECT FROM metering_usageevent v
            WHERE (v.head_office_id, v.source, v.voids) = (k.head_office_id, k.source, k.event_id) AND v.voids <> ''
              AND v.company_id IN (k.company_id, k.head_office_id)
              AND (%(received_by)s::timestamptz IS NULL OR v.received_at <= %(received_by)s))
    WINDOW earlier AS (
        PARTITION BY k.period_id, k.resource_id, k.head_office_id, k.sku, k.until IS NULL ORDER BY k.time, k.uid)
)
SELECT c.period_id, c.resource_id, p.id AS product_id, p.aggregation, c.uid, c.time, c.until, c.received_at,
       greatest(c.time, c.period_start) AS started_at, least(c.until, c.count_until) AS ended_at,
       c.quantity, coalesce(f.numerator, 1)::numeric AS numerator, coalesce(f.denominator, 1)::numeric AS denominator,
       c.may_overlap
  FROM counting c
  JOIN catalogue_product p ON p.sku = c.sku AND p.kind = 'usage'
  LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = c.unit AND c.unit <> p.unit
 WHERE (c.unit IN ('', p.unit) OR f.id IS NOT NULL)
