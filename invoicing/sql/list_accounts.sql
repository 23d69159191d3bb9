-- Grain: one row an account of the company that bill run %(bill_run)s has not listed yet; a second run adds nothing.
INSERT INTO invoicing_billrunaccount (bill_run_id, account_id, state, reason)
SELECT r.id, a.id, 'pending', ''
  FROM invoicing_billrun r JOIN catalogue_account a ON a.company_id = r.company_id
 WHERE r.id = %(bill_run)s
   AND NOT EXISTS (SELECT FROM invoicing_billrunaccount l WHERE l.bill_run_id = r.id AND l.account_id = a.id)
 ORDER BY a.id
    ON CONFLICT (bill_run_id, account_id) DO NOTHING
