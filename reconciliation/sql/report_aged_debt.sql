-- Grain: one row an account of the companies %(companies)s and currency in which it owes or has something on %(on)s: what
-- is open on its invoices by how many days it is overdue, and money and credit that no invoice uses. What was issued
-- or received by that day counts.
WITH invoice AS (
    SELECT i.account_id, i.currency, %(on)s::date - i.due_on AS overdue,
           i.gross_amount
           - coalesce((SELECT sum(p.amount) FROM invoicing_paymentallocation p
                         JOIN invoicing_payment m ON m.id = p.payment_id
                        WHERE p.invoice_id = i.id AND m.received_on <= %(on)s), 0)
           - coalesce((SELECT sum(n.gross_amount) FROM invoicing_creditnote n
                        WHERE n.invoice_id = i.id AND n.issued_on <= %(on)s), 0) AS left_amount
      FROM invoicing_invoice i
     WHERE i.state = 'issued' AND i.company_id = ANY(%(companies)s) AND i.issued_on <= %(on)s
), entry AS (
    SELECT account_id, currency, overdue, greatest(left_amount, 0) AS open_amount,
           greatest(-left_amount, 0) AS unapplied
      FROM invoice
    UNION ALL
    SELECT m.account_id, m.currency, 0, 0,
           m.amount - coalesce((SELECT sum(p.amount) FROM invoicing_paymentallocation p
                                 WHERE p.payment_id = m.id), 0)
      FROM invoicing_payment m
     WHERE m.company_id = ANY(%(companies)s) AND m.received_on <= %(on)s
)
SELECT s.code AS company, a.code AS account, a.name, e.currency,
       coalesce(sum(e.open_amount) FILTER (WHERE e.overdue <= 0), 0) AS not_due,
       coalesce(sum(e.open_amount) FILTER (WHERE e.overdue BETWEEN 1 AND 30), 0) AS days_1_to_30,
       coalesce(sum(e.open_amount) FILTER (WHERE e.overdue BETWEEN 31 AND 60), 0) AS days_31_to_60,
       coalesce(sum(e.open_amount) FILTER (WHERE e.overdue BETWEEN 61 AND 90), 0) AS days_61_to_90,
       coalesce(sum(e.open_amount) FILTER (WHERE e.overdue > 90), 0) AS days_over_90,
       sum(e.open_amount) AS due, sum(e.unapplied) AS unapplied
  FROM entry e
  JOIN catalogue_account a ON a.id = e.account_id
  JOIN catalogue_company s ON s.id = a.company_id
 GROUP BY 1, 2, 3, 4
HAVING sum(e.open_amount) <> 0 OR sum(e.unapplied) <> 0
 ORDER BY 1, 2, 4
