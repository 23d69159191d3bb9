-- Grain: one row a usage record that covers time which a record received earlier covers: it is not billed. Only what
-- could itself be billed covers time: neither what has no place, nor what its sender may not say of this resource.
-- Lives are as known to this rating: those of touched resources stand in rebuilt_interval.
DELETE FROM used_usage w
 USING metering_usageevent c, rating_period p, catalogue_product d
 WHERE w.may_overlap AND c.uid = w.uid AND c.time = w.time AND p.period_id = w.period_id AND d.id = w.product_id
   AND EXISTS (
       SELECT FROM metering_usageevent o
        WHERE o.head_office_id = c.head_office_id AND o.resource = c.resource AND o.account = c.account
          AND o.sku = c.sku AND o.until > c.time AND o.time < c.until
          AND (o.received_at, o.uid) < (c.received_at, c.uid)
          AND o.company_id IN (p.seller_id, c.head_office_id)
          AND (o.unit IN ('', d.unit) OR EXISTS (
              SELECT FROM catalogue_unitfactor f WHERE f.product_id = d.id AND f.unit = o.unit))
          AND (w.resource_id IS NULL
               OR EXISTS (
                   SELECT FROM rebuilt_interval h
                    WHERE h.resource_id = w.resource_id AND h.started_at <= o.time
                      AND o.time < coalesce(h.ended_at, 'infinity'))
               OR EXISTS (
                   SELECT FROM metering_resourceinterval h
                    WHERE h.resource_id = w.resource_id AND h.started_at <= o.time
                      AND o.time < coalesce(h.ended_at, 'infinity')
                      AND (o.head_office_id, o.resource) NOT IN (
                          SELECT head_office_id, resource FROM touched_resource)))
          AND NOT EXISTS (
              SELECT FROM metering_usageevent v
               WHERE (v.head_office_id, v.source, v.voids) = (o.head_office_id, o.source, o.event_id) AND v.voids <> ''
                 AND v.company_id IN (o.company_id, o.head_office_id)
                 AND (%(received_by)s::timestamptz IS NULL OR v.received_at <= %(received_by)s)))
