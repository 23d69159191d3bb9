-- Grain: one row an account and month that rating must look at again: those from the first change of a touched
-- resource's life on, of every account that has or had it, and those in which a judged record lies.
-- Waits for a rater that holds the row, so that a change that it did not see is never taken as rated.
WITH touched AS (
    SELECT account_id, touched_from AS from_instant, 'infinity'::timestamptz AS to_instant FROM touched_account
    UNION
    SELECT account_id, min(time), max(coalesce(until, time)) FROM judged_usage
     WHERE account_id IS NOT NULL GROUP BY account_id, date_trunc('day', time)
), locked AS (
    SELECT p.id FROM metering_accountperiod p
     WHERE EXISTS (SELECT FROM touched t
                    WHERE t.account_id = p.account_id AND p.period_end > t.from_instant
                      AND p.period_start <= t.to_instant)
     ORDER BY p.account_id, p.month
       FOR UPDATE
)
UPDATE metering_accountperiod p SET stale = true FROM locked l WHERE l.id = p.id
