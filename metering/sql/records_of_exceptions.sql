-- Grain: one row an exception of %(ids)s about a usage record that a price can be put to: its quantity as numerator /
-- denominator in the product's unit, and whom it would be billed to (null: not known). Of a gap it is the pace of
-- the record before the hole times the microseconds of the hole in which the resource was active.
SELECT x.id, coalesce(x.account_id, r.account_id, a.id) AS account_id, x.company_id, u.sku, u.time AS instant,
       u.quantity * coalesce(f.numerator, 1) AS numerator, coalesce(f.denominator, 1) AS denominator
  FROM metering_eventexception x
  JOIN metering_eventidentity i
    ON (i.head_office_id, i.source, i.event_id) = (x.head_office_id, x.source, x.event_id)
  JOIN metering_usageevent u ON u.uid = i.uid AND u.time = i.time AND u.voids = ''
  JOIN catalogue_product p ON p.sku = u.sku AND p.kind = 'usage' AND p.aggregation <> 'unique'
  LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = u.unit
  LEFT JOIN metering_resource r
    ON u.resource <> '' AND r.head_office_id = u.head_office_id AND r.name = u.resource
  LEFT JOIN (catalogue_account a JOIN catalogue_company c ON c.id = a.company_id)
    ON u.resource = '' AND a.code = u.account AND u.account <> '' AND u.company_id IN (c.id, c.parent_id)
 WHERE x.id = ANY(%(ids)s) AND (u.unit IN ('', p.unit) OR f.id IS NOT NULL)
   AND x.kind IN ('unknown_resource', 'unknown_account', 'usage_after_end', 'overlap', 'conflict')
UNION ALL
SELECT x.id, x.account_id, x.company_id, x.sku, x.gap_start,
       before.quantity * coalesce(f.numerator, 1) * active.microseconds,
       coalesce(f.denominator, 1) * extract(epoch FROM before.until - before.time) * 1000000
  FROM metering_eventexception x
  JOIN metering_resource r ON r.head_office_id = x.head_office_id AND r.name = x.resource
  JOIN catalogue_product p ON p.sku = x.sku AND p.kind = 'usage'
 CROSS JOIN LATERAL (
       SELECT u.quantity, u.unit, u.time, u.until FROM metering_usageevent u
        WHERE u.head_office_id = x.head_office_id AND u.resource = x.resource AND u.sku = x.sku
          AND u.until = x.gap_start
          AND NOT EXISTS (SELECT FROM metering_usageevent v
                           WHERE (v.head_office_id, v.source, v.voids) = (u.head_office_id, u.source, u.event_id)
                             AND v.voids <> ''
                             AND v.company_id IN (u.company_id, u.head_office_id))
        ORDER BY u.time DESC LIMIT 1) before
 CROSS JOIN LATERAL (
       SELECT sum(extract(epoch FROM least(coalesce(i.ended_at, x.gap_end), x.gap_end)
                                     - greatest(i.started_at, x.gap_start)) * 1000000) AS microseconds
         FROM metering_resourceinterval i
        WHERE i.resource_id = r.id AND i.state = 'active' AND i.started_at < x.gap_end
          AND coalesce(i.ended_at, 'infinity') > x.gap_start) active
  LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = before.unit
 WHERE x.id = ANY(%(ids)s) AND x.kind = 'gap' AND active.microseconds IS NOT NULL
   AND (before.unit IN ('', p.unit) OR f.id IS NOT NULL)
