-- Grain: one row an account that has or had a touched resource, and the instant from which on that may differ.
-- Read before the intervals are replaced, so that the account that loses a resource is among them.
CREATE TEMP TABLE touched_account ON COMMIT DROP AS
SELECT i.account_id, min(t.touched_from) AS touched_from
  FROM touched_resource t
  JOIN metering_resource r ON r.head_office_id = t.head_office_id AND r.name = t.resource
  JOIN (SELECT resource_id, account_id FROM rebuilt_interval
        UNION
        SELECT i.resource_id, i.account_id FROM touched_resource t
          JOIN metering_resourceinterval i
            ON i.resource_id = t.resource_id AND i.started_at >= coalesce(t.base_at, '-infinity')) i
    ON i.resource_id = r.id
 GROUP BY i.account_id
