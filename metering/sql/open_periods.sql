-- Grain: one row an account and month in which a rebuilt interval or a judged record lies, up to %(now)s.
-- Bounds are frozen when the row is made. A second run adds nothing.
INSERT INTO metering_accountperiod (account_id, month, period_start, period_end, stale)
SELECT a.id, m.month, local_midnight(m.month, a.timezone),
       local_midnight((m.month + interval '1 month')::date, a.timezone), true
  FROM (
    SELECT DISTINCT l.account_id, month::date
      FROM (SELECT account_id, started_at, ended_at FROM rebuilt_interval
            UNION ALL
            SELECT account_id, time, coalesce(until, time) FROM judged_usage
             WHERE account_id IS NOT NULL AND fault IS NULL) l
      JOIN catalogue_account a ON a.id = l.account_id
     CROSS JOIN LATERAL generate_series(
           date_trunc('month', l.started_at AT TIME ZONE a.timezone),
           greatest(least(coalesce(l.ended_at, %(now)s), %(now)s), l.started_at) AT TIME ZONE a.timezone,
           interval '1 month') AS month
  ) m
  JOIN catalogue_account a ON a.id = m.account_id
 ORDER BY a.id, m.month
    ON CONFLICT (account_id, month) DO NOTHING
