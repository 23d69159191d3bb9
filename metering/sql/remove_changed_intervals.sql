-- Grain: one row an interval of a touched resource that is no longer so. A second run removes nothing.
DELETE FROM metering_resourceinterval i
 USING touched_resource t
 WHERE i.resource_id = t.resource_id AND i.started_at >= coalesce(t.base_at, '-infinity')
   AND NOT EXISTS (
       SELECT FROM rebuilt_interval n
        WHERE n.resource_id = i.resource_id AND n.started_at = i.started_at
          AND (n.ended_at, n.account_id, n.state, n.product_ids, n.quantities)
              IS NOT DISTINCT FROM (i.ended_at, i.account_id, i.state, i.product_ids, i.quantities))
