-- Grain: one row, whether month %(month)s of %(table)s is still needed: `open_periods` months of accounts that it
-- touches and that are open or wait for rating, `living` resources that have an event in it and have not ended.
SELECT (SELECT count(*) FROM metering_accountperiod
         WHERE (cutoff IS NULL OR stale)
           AND period_start < (%(month)s::date + interval '1 month') AT TIME ZONE 'UTC'
           AND period_end > %(month)s::date::timestamp AT TIME ZONE 'UTC') AS open_periods,
       (SELECT count(DISTINCT (e.head_office_id, e.resource)) FROM metering_lifecycleevent e
          LEFT JOIN metering_resource r ON r.head_office_id = e.head_office_id AND r.name = e.resource
         WHERE %(table)s = 'metering_lifecycleevent' AND r.ended_at IS NULL
           AND e.time >= %(month)s::date::timestamp AT TIME ZONE 'UTC'
           AND e.time < (%(month)s::date + interval '1 month') AT TIME ZONE 'UTC') AS living
