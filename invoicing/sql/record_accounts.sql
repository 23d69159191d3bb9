-- Grain: one row an account that the bill run closed, with what became of it. A second run changes nothing.
INSERT INTO invoicing_billrunaccount (bill_run_id, account_id, state, reason)
SELECT %(bill_run)s, a.id, CASE WHEN i.id IS NULL THEN 'nothing_to_bill' ELSE 'issued' END, ''
  FROM catalogue_account a
  LEFT JOIN invoicing_invoice i ON i.account_id = a.id AND i.month = %(month)s
 WHERE a.id = ANY(%(accounts)s)
 ORDER BY a.id
    ON CONFLICT (bill_run_id, account_id) DO NOTHING
