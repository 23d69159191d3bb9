-- Grain: one row a usage record within a period: what was sent, neither void nor covering time that a record
-- received earlier covers, in the product's unit as quantity x numerator / denominator. A record with `until`
-- stands in each period that it touches. Usage belongs to the account that had the resource at its time.
CREATE TEMP TABLE used_usage ON COMMIT DROP AS
WITH known AS (
    SELECT p.period_id, p.period_start, p.count_until, p.seller_id, l.resource_id, u.*
      FROM rating_period p
      JOIN known_life l USING (account_id)
      JOIN metering_resource r ON r.id = l.resource_id
      JOIN metering_usageevent u ON u.head_office_id = r.head_office_id AND u.resource = r.name
       AND u.time >= l.started_at AND u.time < l.ended_at
    UNION ALL
    SELECT p.period_id, p.period_start, p.count_until, p.seller_id, NULL, u.*
      FROM rating_period p JOIN metering_usageevent u ON u.account = p.account AND u.resource = ''
), counting AS (
    SELECT k.*, k.until IS NOT NULL
                AND (max(k.until) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > k.time
                     OR lead(k.time) OVER earlier < k.until) AS may_overlap
      FROM known k
     WHERE k.voids = '' AND (%(received_by)s::timestamptz IS NULL OR k.received_at <= %(received_by)s)
       AND k.company_id IN (k.seller_id, k.head_office_id)
       AND k.time < k.count_until
       AND CASE WHEN k.until IS NULL THEN k.time >= k.period_start ELSE k.until > k.period_start END
       AND NOT EXISTS (
           SELECT FROM metering_usageevent v
            WHERE (v.head_office_id, v.source, v.voids) = (k.head_office_id, k.source, k.event_id) AND v.voids <> ''
              AND (%(received_by)s::timestamptz IS NULL OR v.received_at <= %(received_by)s))
    WINDOW earlier AS (
        PARTITION BY k.period_id, k.resource_id, k.head_office_id, k.sku, k.until IS NULL ORDER BY k.time, k.uid)
)
SELECT c.period_id, c.resource_id, p.id AS product_id, p.aggregation, c.uid, c.time, c.until, c.received_at,
       greatest(c.time, c.period_start) AS started_at, least(c.until, c.count_until) AS ended_at,
       c.quantity, coalesce(f.numerator, 1)::numeric AS numerator, coalesce(f.denominator, 1)::numeric AS denominator
  FROM counting c
  JOIN catalogue_product p ON p.sku = c.sku AND p.kind = 'usage'
  LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = c.unit AND c.unit <> p.unit
 WHERE (c.unit IN ('', p.unit) OR f.id IS NOT NULL)
   AND NOT (c.may_overlap AND EXISTS (
       SELECT FROM metering_usageevent o
        WHERE o.head_office_id = c.head_office_id AND o.resource = c.resource AND o.account = c.account
          AND o.sku = c.sku AND o.until > c.time AND o.time < c.until
          AND (o.received_at, o.uid) < (c.received_at, c.uid)
          AND NOT EXISTS (
              SELECT FROM metering_usageevent v
               WHERE (v.head_office_id, v.source, v.voids) = (o.head_office_id, o.source, o.event_id) AND v.voids <> ''
                 AND (%(received_by)s::timestamptz IS NULL OR v.received_at <= %(received_by)s))))
