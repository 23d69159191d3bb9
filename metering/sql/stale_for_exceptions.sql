-- Grain: one row an account's month in which an open no_price exception of %(ids)s was found: it is rated again.
UPDATE metering_accountperiod p SET stale = true
  FROM metering_eventexception x
 WHERE x.id = ANY(%(ids)s) AND x.closed_at IS NULL AND x.kind = 'no_price'
   AND p.account_id = x.account_id AND p.month = x.month
