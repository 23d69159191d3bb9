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
    SELECT k.* FROM known k
     WHERE k.voids = '' AND (%(received_by)s::timestamptz IS NULL OR k.received_at <= %(received_by)s)
       AND k.company_id IN (k.seller_id, k.head_office_id)
       AND k.time < k.count_until
       AND CASE WHEN k.until IS NULL THEN k.time >= k.period_start ELSE k.until > k.period_start END
       AND NOT EXISTS (
           SELECT FROM metering_usageevent v
            WHERE (v.head_office_id, v.source, v.voids) = (k.head_office_id, k.source, k.event_id) AND v.voids <> ''
              AND (%(received_by)s::timestamptz IS NULL OR v.received_at <= %(received_by)s))
)
SELECT c.period_id, c.resource_id, p.id AS product_id, p.aggregation, c.uid, c.time, c.until, c.received_at,
       greatest(c.time, c.period_start) AS started_at, least(c.until, c.count_until) AS ended_at,
       c.quantity, coalesce(f.numerator, 1)::numeric AS numerator, coalesce(f.denominator, 1)::numeric AS denominator
  FROM counting c
  JOIN catalogue_product p ON p.sku = c.sku AND p.kind = 'usage'
  LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = c.unit AND c.unit <> p.unit
 WHERE (c.unit IN ('', p.unit) OR f.id IS NOT NULL)
   AND (c.until IS NULL OR NOT EXISTS (
       SELECT FROM counting o
        WHERE (o.head_office_id, o.resource, o.account, o.sku) = (c.head_office_id, c.resource, c.account, c.sku)
          AND o.until IS NOT NULL AND o.time < c.until AND o.until > c.time
          AND (o.received_at, o.uid) < (c.received_at, c.uid)))
