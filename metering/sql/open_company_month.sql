-- Grain: one row an account of the company. Opens the month %(month)s where it is not yet; months tile, as in
-- open_periods. A second run adds nothing.
INSERT INTO metering_accountperiod (account_id, month, period_start, period_end, stale)
SELECT a.id, %(month)s,
       coalesce(earlier.period_end, local_midnight(%(month)s::date, a.timezone)),
       coalesce(later.period_start, local_midnight((%(month)s::date + interval '1 month')::date, a.timezone)), true
  FROM catalogue_account a
  LEFT JOIN metering_accountperiod earlier
    ON earlier.account_id = a.id AND earlier.month = %(month)s::date - interval '1 month'
  LEFT JOIN metering_accountperiod later
    ON later.account_id = a.id AND later.month = %(month)s::date + interval '1 month'
 WHERE a.company_id = %(company_id)s
 ORDER BY a.id
    ON CONFLICT (account_id, month) DO NOTHING
