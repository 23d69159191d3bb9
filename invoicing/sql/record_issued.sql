-- Grain: one row a drafted account of the bill run whose invoice is issued now. A second run changes nothing.
UPDATE invoicing_billrunaccount SET state = 'issued'
 WHERE bill_run_id = %(bill_run)s AND state = 'drafted'
