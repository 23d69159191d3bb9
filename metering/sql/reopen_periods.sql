-- Grain: one row a month %(month)s of %(accounts)s that is closed and not sealed, and with no later closed month of the
-- same account. Opens it to be rated anew. A second run opens nothing.
UPDATE metering_accountperiod p SET cutoff = NULL, stale = true
 WHERE p.account_id = ANY(%(accounts)s) AND p.month = %(month)s AND p.cutoff IS NOT NULL AND NOT p.is_sealed
   AND NOT EXISTS (SELECT FROM metering_accountperiod l
                    WHERE l.account_id = p.account_id AND l.month > p.month AND l.cutoff IS NOT NULL)
RETURNING p.account_id
