-- Grain: one row a closed month, of accounts of %(company)s that get credit notes, of which a correction that gives
-- something back waits in an open month; after the id %(after)s, at most %(limit)s. A month that has to be rated again
-- waits. Locks months and accounts, as rating and bill runs do; what these hold is left to the next look.
SELECT p.id FROM metering_accountperiod p
  JOIN catalogue_account a ON a.id = p.account_id
 WHERE a.company_id = %(company)s AND a.late_usage = 'credit_note'
   AND p.id > %(after)s AND p.cutoff IS NOT NULL AND NOT p.stale
   AND EXISTS (
       SELECT FROM metering_charge c
         LEFT JOIN metering_accountperiod lying ON lying.account_id = c.account_id AND lying.month = c.month
        WHERE c.account_id = p.account_id AND c.service_month = p.month AND c.month <> c.service_month
          AND c.settlement = 0 AND c.side = 'sell' AND c.net_amount < 0 AND lying.cutoff IS NULL)
 ORDER BY p.id LIMIT %(limit)s
   FOR NO KEY UPDATE OF p, a SKIP LOCKED
