-- Grain: one row a meter (usage product) and hour in which a resource has records, from %(starts)s to %(ends)s: the
-- stretches in which the callers' accounts had it. For charts: rounded, and never rated from. A record that covers
-- several hours is shared among them by time; what is void, overlaps or has an unknown unit is left out.
SELECT p.sku, p.unit, h.hour, count(*) AS records,
       CASE p.aggregation
            WHEN 'sum' THEN round(sum(u.quantity * coalesce(f.numerator, 1) * s.share / coalesce(f.denominator, 1)), 12)
            WHEN 'unique' THEN count(DISTINCT u.quantity)
            ELSE round(max(u.quantity * coalesce(f.numerator, 1) / coalesce(f.denominator, 1)), 12) END AS quantity
  FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS had(started_at, ended_at)
  JOIN metering_usageevent u
    ON u.head_office_id = %(head_office_id)s AND u.resource = %(resource)s AND u.voids = ''
   AND u.time >= had.started_at AND u.time < had.ended_at
  JOIN catalogue_product p ON p.sku = u.sku AND p.kind = 'usage'
  LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = u.unit AND u.unit <> p.unit
 CROSS JOIN LATERAL generate_series(
       date_trunc('hour', u.time, 'UTC'),
       coalesce(u.until - interval '1 microsecond', u.time), interval '1 hour') AS h(hour)
 CROSS JOIN LATERAL (
       SELECT CASE WHEN u.until IS NULL THEN 1
                   ELSE extract(epoch FROM least(u.until, h.hour + interval '1 hour') - greatest(u.time, h.hour))
                        / extract(epoch FROM u.until - u.time) END AS share) s
 WHERE (u.unit IN ('', p.unit) OR f.id IS NOT NULL)
   AND NOT EXISTS (SELECT FROM metering_usageevent v
                    WHERE (v.head_office_id, v.source, v.voids) = (u.head_office_id, u.source, u.event_id)
                      AND v.voids <> ''
                      AND v.company_id IN (u.company_id, u.head_office_id))
   AND NOT EXISTS (SELECT FROM metering_eventexception x
                    WHERE (x.head_office_id, x.source, x.event_id) = (u.head_office_id, u.source, u.event_id)
                      AND x.kind = 'overlap' AND x.closed_at IS NULL)
 GROUP BY p.sku, p.unit, p.aggregation, h.hour
 ORDER BY p.sku, h.hour
