-- Grain: one row an account of %(accounts)s in the bill run, with what drafting made of it. With %(parks_incomplete)s an
-- account without an address is parked, and its draft waits with it.
UPDATE invoicing_billrunaccount b
   SET state = CASE WHEN i.id IS NULL THEN 'nothing_to_bill'
                    WHEN %(parks_incomplete)s AND a.address = '' THEN 'parked' ELSE 'drafted' END,
       reason = CASE WHEN i.id IS NOT NULL AND %(parks_incomplete)s AND a.address = ''
                     THEN a.code || ' has no address: enter it, then retry the parked accounts.' ELSE '' END
  FROM catalogue_account a
  LEFT JOIN invoicing_invoice i ON i.account_id = a.id AND i.month = %(month)s
 WHERE b.bill_run_id = %(bill_run)s AND a.id = ANY(%(accounts)s) AND b.account_id = a.id
