-- Grain: one row a correction of waiting_difference of the closed months %(periods)s: it counts as billed from now on.
-- The number of its settling keeps its key free for the next correction. A second run touches nothing.
UPDATE metering_charge c
   SET settlement = 1 + (SELECT max(s.settlement) FROM metering_charge s
                          WHERE s.account_id = c.account_id AND s.month = c.month
                            AND s.service_month = c.service_month)
  FROM waiting_difference w
 WHERE w.period_id = ANY(%(periods)s) AND c.id = w.id AND c.month = w.month AND c.settlement = 0
