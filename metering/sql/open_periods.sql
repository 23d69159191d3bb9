-- Grain: one row an account and month in which a rebuilt interval or a judged record lies, up to %(now)s.
-- Bounds are frozen when the row is made, and months tile: where an account has moved to another zone, its new month
-- begins where the one before ends. A second run adds nothing.
INSERT INTO metering_accountperiod (account_id, month, period_start, period_end, stale)
SELECT a.id, m.month,
       coalesce(earlier.period_end, local_midnight(m.month, a.timezone)),
       coalesce(later.period_start, local_midnight((m.month + interval '1 month')::date, a.timezone)), true
  FROM (
    SELECT DISTINCT l.account_id, months.month::date
      FROM (SELECT account_id, started_at, greatest(least(coalesce(ended_at, %(now)s), %(now)s), started_at) AS ended_at
              FROM rebuilt_interval
            UNION ALL
            SELECT account_id, time, greatest(least(coalesce(until, time), %(now)s), time) FROM judged_usage
             WHERE account_id IS NOT NULL AND fault IS NULL) l
      JOIN catalogue_account a ON a.id = l.account_id
      LEFT JOIN metering_accountperiod frozen
        ON frozen.account_id = a.id AND frozen.period_end <= l.ended_at
       AND frozen.month = date_trunc('month', l.ended_at AT TIME ZONE a.timezone)
     CROSS JOIN LATERAL generate_series(
           date_trunc('month', l.started_at AT TIME ZONE a.timezone),
           l.ended_at AT TIME ZONE a.timezone
               + CASE WHEN frozen.id IS NULL THEN interval '0' ELSE interval '1 month' END,
           interval '1 month') AS months(month)
  ) m
  JOIN catalogue_account a ON a.id = m.account_id
  LEFT JOIN metering_accountperiod earlier
    ON earlier.account_id = a.id AND earlier.month = m.month - interval '1 month'
  LEFT JOIN metering_accountperiod later
    ON later.account_id = a.id AND later.month = m.month + interval '1 month'
 ORDER BY a.id, m.month
    ON CONFLICT (account_id, month) DO NOTHING
