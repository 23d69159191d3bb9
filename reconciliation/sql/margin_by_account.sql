-- Grain: one row an account of the companies %(companies)s with an invoice or a cost charge in %(month)s (rule 9):
-- the invoice's net less its credit notes, in its own currency and, converted at the rate that the invoice keeps of its
-- day of issue and rounded once, in the head office's; the rounded cost charges of the month. `rate_missing` names a
-- pair of currencies that nothing connects.
WITH side AS (
    SELECT a.id AS account_id, a.code AS account, s.id AS company_id, s.code AS company, s.country,
           coalesce(h.currency, s.currency) AS reporting_currency
      FROM catalogue_account a
      JOIN catalogue_company s ON s.id = a.company_id
      LEFT JOIN catalogue_company h ON h.id = s.parent_id
     WHERE s.id = ANY(%(companies)s)
), invoiced AS (
    SELECT i.account_id, i.currency, i.net_amount - coalesce(n.net_amount, 0) AS net_amount, i.issued_on,
           i.exchange_rates, s.reporting_currency
      FROM invoicing_invoice i
      JOIN side s USING (account_id)
      LEFT JOIN LATERAL (SELECT sum(net_amount) AS net_amount FROM invoicing_creditnote
                          WHERE invoice_id = i.id) n ON true
     WHERE i.month = %(month)s AND i.state = 'issued'
), rate AS (
    SELECT p.*, r.numerator, r.denominator
      FROM (SELECT DISTINCT currency, reporting_currency, issued_on, exchange_rates FROM invoiced) p
     CROSS JOIN LATERAL pinned_rate(p.currency, p.reporting_currency, p.issued_on, p.exchange_rates) r
), revenue AS (
    SELECT i.account_id, i.currency, i.net_amount,
           half_up(i.net_amount * r.numerator, r.denominator, c.minor_units::integer) AS revenue,
           CASE WHEN r.numerator IS NULL
                THEN i.currency || ' to ' || i.reporting_currency || ' on ' || i.issued_on END AS rate_missing
      FROM invoiced i
      JOIN rate r USING (currency, reporting_currency, issued_on, exchange_rates)
      JOIN catalogue_currency c ON c.code = i.reporting_currency
), cost AS (
    SELECT c.account_id, sum(c.net_amount) AS cost
      FROM metering_charge c JOIN side s USING (account_id)
     WHERE c.month = %(month)s AND c.side = 'cost' GROUP BY c.account_id
)
SELECT s.company_id, s.company, s.country, s.account_id, s.account, s.reporting_currency, r.currency,
       coalesce(r.net_amount, 0) AS invoiced, coalesce(r.revenue, 0) AS revenue, coalesce(k.cost, 0) AS cost,
       r.rate_missing
  FROM side s
  LEFT JOIN revenue r USING (account_id)
  LEFT JOIN cost k USING (account_id)
 WHERE r.account_id IS NOT NULL OR k.account_id IS NOT NULL
 ORDER BY s.company, s.account
