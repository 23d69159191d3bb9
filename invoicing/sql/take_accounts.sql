-- Grain: one row a pending account of bill run %(bill_run)s while it is being drafted, up to %(at_most)s, of %(among)s or
-- (null) of all. Locks them, and keeps the run in its state until the transaction ends; accounts that another worker
-- holds are left to it.
SELECT b.account_id
  FROM invoicing_billrun r
  JOIN invoicing_billrunaccount b ON b.bill_run_id = r.id
 WHERE r.id = %(bill_run)s AND r.state = 'drafting' AND b.state = 'pending'
   AND (%(among)s::bigint[] IS NULL OR b.account_id = ANY(%(among)s))
 ORDER BY b.id
 LIMIT %(at_most)s
   FOR SHARE OF r FOR UPDATE OF b SKIP LOCKED
