-- Grain: one row March 2026 of each account, rated and closed and not billed yet.
INSERT INTO metering_accountperiod (account_id, month, period_start, period_end, cutoff, stale)
SELECT id, '2026-03-01', '2026-02-28 23:00+00', '2026-03-31 22:00+00', %(cutoff)s, false FROM catalogue_account
