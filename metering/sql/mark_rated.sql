-- Grain: one row a month that was just rated up to %(as_of)s. While it is open and not over it is rated again when the
-- next record that reaches beyond that instant is over, and at least once %(refresh)s: what runs goes on, orders fall
-- due, and records may be sent a day ahead. Reads the working tables of the rating in the same transaction.
UPDATE metering_accountperiod p SET stale = false, rated_as_of = %(as_of)s, rate_again_at = n.rate_again_at
  FROM (
    SELECT r.period_id,
           CASE WHEN NOT r.is_closed AND r.period_end > %(as_of)s
                THEN least(r.period_end, %(as_of)s + %(refresh)s, min(u.until)) END AS rate_again_at
      FROM rating_period r
      LEFT JOIN used_usage u ON u.period_id = r.period_id AND u.until > r.count_until
     GROUP BY r.period_id, r.is_closed, r.period_end) n
 WHERE p.id = n.period_id
