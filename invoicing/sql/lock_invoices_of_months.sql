-- Grain: one row an issued invoice of the months %(periods)s. Locks them, so that nobody else credits or pays them
-- meanwhile; always in the same order, so that two who lock several never wait for each other in a circle.
SELECT i.id FROM metering_accountperiod p
  JOIN invoicing_invoice i ON i.account_id = p.account_id AND i.month = p.month AND i.state = 'issued'
 WHERE p.id = ANY(%(periods)s)
 ORDER BY i.id
   FOR NO KEY UPDATE OF i
