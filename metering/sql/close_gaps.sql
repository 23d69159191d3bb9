-- Grain: one row an open gap of a series that was looked at now and has that hole no more.
UPDATE metering_eventexception x SET closed_at = %(now)s
  FROM (SELECT DISTINCT head_office_id, resource, sku, same_until FROM series_gap) s
 WHERE x.closed_at IS NULL AND x.kind = 'gap'
   AND (x.head_office_id, x.resource, x.sku) = (s.head_office_id, s.resource, s.sku)
   AND x.gap_start >= s.same_until
   AND NOT EXISTS (SELECT FROM series_gap g
                    WHERE (g.head_office_id, g.resource, g.sku) = (x.head_office_id, x.resource, x.sku)
                      AND concat_ws(' ', g.resource, g.sku, extract(epoch FROM g.gap_start)) = x.key)
