-- Grain: one row an account of the company: what its invoices of %(month)s come to, less credit notes, beside what
-- finance booked. Where finance booked days of the month: one row an account and day of issue in the month, invoices
-- less credit notes of that day, whatever month they bill.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH booked AS (
    SELECT account_id, day, amount
      FROM reconciliation_financetotal WHERE company_id = %(company_id)s AND month = %(month)s
), by_day AS (
    SELECT EXISTS (SELECT FROM booked WHERE day IS NOT NULL) AS yes
), document AS (
    SELECT account_id, issued_on, gross_amount AS amount
      FROM invoicing_invoice
     WHERE company_id = %(company_id)s AND state = 'issued' AND (SELECT yes FROM by_day)
       AND issued_on >= %(month)s AND issued_on < (%(month)s::date + interval '1 month')::date
     UNION ALL
    SELECT account_id, issued_on, -gross_amount
      FROM invoicing_creditnote
     WHERE company_id = %(company_id)s AND (SELECT yes FROM by_day)
       AND issued_on >= %(month)s AND issued_on < (%(month)s::date + interval '1 month')::date
     UNION ALL
    SELECT i.account_id, NULL, i.gross_amount - coalesce(n.gross_amount, 0)
      FROM invoicing_invoice i
      LEFT JOIN LATERAL (SELECT sum(gross_amount) AS gross_amount FROM invoicing_creditnote
                          WHERE invoice_id = i.id) n ON true
     WHERE i.company_id = %(company_id)s AND i.month = %(month)s AND i.state = 'issued'
       AND NOT (SELECT yes FROM by_day)
), billed AS (
    SELECT account_id, issued_on AS day, sum(amount) AS amount FROM document GROUP BY 1, 2
)
SELECT a.code AS account, '' AS sku, '' AS resource, concat_ws(' ', a.code, coalesce(b.day, f.day)) AS key,
       b.amount AS first, f.amount AS second, NULL::numeric AS beside, coalesce(b.day, f.day) AS day, '' AS note
  FROM billed b
  FULL JOIN booked f ON f.account_id = b.account_id AND coalesce(f.day, 'infinity') = coalesce(b.day, 'infinity')
  JOIN catalogue_account a ON a.id = coalesce(b.account_id, f.account_id)
