-- Grain: one row a closed month of the accounts of which something is not billed yet: marked stale, or with
-- differences that lie in an open month. Locks them.
SELECT p.id FROM metering_accountperiod p
 WHERE p.account_id = ANY(%(accounts)s) AND p.cutoff IS NOT NULL
   AND (p.stale OR EXISTS (
       SELECT FROM metering_charge c
         LEFT JOIN metering_accountperiod lying ON lying.account_id = c.account_id AND lying.month = c.month
        WHERE c.account_id = p.account_id AND c.service_month = p.month AND c.month <> p.month
          AND lying.cutoff IS NULL))
 ORDER BY p.account_id, p.month
   FOR UPDATE
