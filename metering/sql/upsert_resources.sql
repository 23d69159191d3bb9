-- Grain: one row a touched resource that has been created. A second run changes nothing.
INSERT INTO metering_resource (head_office_id, name, account_id, state, created_at, ended_at)
SELECT head_office_id, resource, (array_agg(account_id ORDER BY n DESC))[1],
       CASE WHEN bool_or(is_end) THEN 'ended' ELSE (array_agg(state ORDER BY n DESC))[1] END,
       coalesce(min(t.created_at) FILTER (WHERE t.base_at IS NOT NULL), min(l.time)),
       max(l.time) FILTER (WHERE is_end)
  FROM timeline l JOIN touched_resource t USING (head_office_id, resource)
 WHERE l.state IS NOT NULL
 GROUP BY head_office_id, resource
 ORDER BY head_office_id, resource
    ON CONFLICT (head_office_id, name) DO UPDATE
   SET account_id = excluded.account_id, state = excluded.state,
       created_at = excluded.created_at, ended_at = excluded.ended_at
 WHERE (metering_resource.account_id, metering_resource.state, metering_resource.created_at,
        metering_resource.ended_at)
       IS DISTINCT FROM (excluded.account_id, excluded.state, excluded.created_at, excluded.ended_at)
