-- Grain: one row an interval of a touched resource that ends after the next one starts: there must be none.
SELECT name, started_at, ended_at, next_start FROM (
    SELECT r.name, i.started_at, i.ended_at,
           lead(i.started_at) OVER (PARTITION BY i.resource_id ORDER BY i.started_at) AS next_start
      FROM touched_resource t
      JOIN metering_resource r ON r.head_office_id = t.head_office_id AND r.name = t.resource
      JOIN metering_resourceinterval i
        ON i.resource_id = r.id AND i.started_at >= coalesce(t.base_at, '-infinity')
) following WHERE next_start < coalesce(ended_at, 'infinity')
