-- Grain: one row an account of the company: what its invoices of %(month)s come to, less credit notes, beside what
-- finance booked.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH billed AS (
    SELECT a.code AS account, sum(i.gross_amount - coalesce(n.gross_amount, 0)) AS amount
      FROM invoicing_invoice i
      JOIN catalogue_account a ON a.id = i.account_id
      LEFT JOIN LATERAL (SELECT sum(gross_amount) AS gross_amount FROM invoicing_creditnote
                          WHERE invoice_id = i.id) n ON true
     WHERE i.company_id = %(company_id)s AND i.month = %(month)s AND i.state = 'issued'
     GROUP BY 1
), booked AS (
    SELECT a.code AS account, f.amount
      FROM reconciliation_financetotal f JOIN catalogue_account a ON a.id = f.account_id
     WHERE f.company_id = %(company_id)s AND f.month = %(month)s
)
SELECT account, '' AS sku, '' AS resource, account AS key, b.amount AS first, f.amount AS second,
       NULL::numeric AS beside, NULL::date AS day, '' AS note
  FROM billed b FULL JOIN booked f USING (account)
