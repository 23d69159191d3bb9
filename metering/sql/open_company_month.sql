-- Grain: one row an account of the company. Opens the month %(month)s where it is not yet; a second run adds nothing.
INSERT INTO metering_accountperiod (account_id, month, period_start, period_end, stale)
SELECT a.id, %(month)s, local_midnight(%(month)s::date, a.timezone),
       local_midnight((%(month)s::date + interval '1 month')::date, a.timezone), true
  FROM catalogue_account a WHERE a.company_id = %(company_id)s
 ORDER BY a.id
    ON CONFLICT (account_id, month) DO NOTHING
