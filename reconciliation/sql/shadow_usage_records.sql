-- Grain: one row a usage record of the head office %(head_office)s that lies in [%(start)s, %(until)s) or reaches
-- into it, and those that cover time which such a one covers; instants in microseconds of UTC. `uid` breaks ties
-- where the order of receipt counts.
WITH reach AS (
    SELECT coalesce(min(time), %(start)s) AS start, greatest(max(until), %(until)s) AS until
      FROM metering_usageevent
     WHERE head_office_id = %(head_office)s AND until > %(start)s AND time < %(until)s
)
SELECT e.resource, e.account, e.company_id, e.source, e.event_id, e.sku, e.unit, trim_scale(e.quantity) AS quantity,
       (extract(epoch FROM e.time) * 1000000)::bigint AS time,
       (extract(epoch FROM e.until) * 1000000)::bigint AS until,
       (extract(epoch FROM e.received_at) * 1000000)::bigint AS received,
       CASE WHEN e.until IS NOT NULL OR p.aggregation = 'last' THEN e.uid END AS uid
  FROM metering_usageevent e
  LEFT JOIN catalogue_product p ON p.sku = e.sku
 WHERE e.head_office_id = %(head_office)s AND e.voids = '' AND e.time < (SELECT until FROM reach)
   AND CASE WHEN e.until IS NULL THEN e.time >= %(start)s AND e.time < %(until)s
            ELSE e.until > (SELECT start FROM reach) END
