-- Grain: one row an interval of a touched resource that was not known. A second run adds nothing.
INSERT INTO metering_resourceinterval (resource_id, started_at, ended_at, account_id, state, product_ids, quantities)
SELECT n.resource_id, n.started_at, n.ended_at, n.account_id, n.state, n.product_ids, n.quantities
  FROM rebuilt_interval n
 WHERE NOT EXISTS (SELECT FROM metering_resourceinterval i
                    WHERE i.resource_id = n.resource_id AND i.started_at = n.started_at)
