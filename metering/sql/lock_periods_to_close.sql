-- Grain: one row a month to rate when month %(month)s of %(accounts)s is closed: that month of each account
-- where it is open, and with them the account's closed months of which something is not billed yet (marked stale,
-- or with differences that lie in an open month), unless what they were rated from is detached. Locks all in the order in which mediation does, and the accounts,
-- so that no rater writes a difference into the month that is being closed.
-- A second run finds none to close.
WITH to_close AS (
    SELECT p.account_id FROM metering_accountperiod p
     WHERE p.account_id = ANY(%(accounts)s) AND p.month = %(month)s AND p.cutoff IS NULL
)
SELECT p.id, p.account_id, p.period_end, p.cutoff IS NOT NULL AS is_closed
  FROM metering_accountperiod p
  JOIN to_close USING (account_id)
  JOIN catalogue_account a ON a.id = p.account_id
 WHERE p.cutoff IS NULL AND p.month = %(month)s
    OR p.cutoff IS NOT NULL AND NOT touches_detached(p.period_start, p.period_end) AND (p.stale OR EXISTS (
       SELECT FROM metering_charge c
         LEFT JOIN metering_accountperiod lying ON lying.account_id = c.account_id AND lying.month = c.month
        WHERE c.account_id = p.account_id AND c.service_month = p.month AND c.month <> p.month AND c.settlement = 0
          AND lying.cutoff IS NULL))
 ORDER BY p.account_id, p.month
   FOR NO KEY UPDATE OF p, a
