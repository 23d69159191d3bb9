-- Grain: one row a draft invoice of the accounts. Gives numbers after %(last_number)s in order of the accounts'
-- codes and issues. The caller holds the lock of the number series and advances it by the rows touched.
WITH numbered AS (
    SELECT i.id, %(last_number)s + row_number() OVER (ORDER BY a.code) AS number, a.payment_days
      FROM invoicing_invoice i JOIN catalogue_account a ON a.id = i.account_id
     WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
)
UPDATE invoicing_invoice i
   SET state = 'issued', number = %(prefix)s || lpad(n.number::text, greatest(5, length(n.number::text)), '0'),
       issued_on = %(issued_on)s, due_on = %(issued_on)s::date + n.payment_days
  FROM numbered n WHERE n.id = i.id
