-- Grain: one row an account of the companies %(companies)s with an invoice or a cost charge in %(month)s (rule 9):
-- the invoice's net less its credit notes, in its own currency and, converted at the rate of the invoice's issue date
-- and rounded once, in the head office's; the rounded cost charges of the month. A pair that is listed is used as
-- listed, else both legs by the euro, each the last on or before the day. `rate_missing` names the pair that has
-- neither.
WITH side AS (
    SELECT a.id AS account_id, a.code AS account, s.id AS company_id, s.code AS company, s.country,
           coalesce(h.currency, s.currency) AS reporting_currency
      FROM catalogue_account a
      JOIN catalogue_company s ON s.id = a.company_id
      LEFT JOIN catalogue_company h ON h.id = s.parent_id
     WHERE s.id = ANY(%(companies)s)
), invoiced AS (
    SELECT i.account_id, i.currency, i.net_amount - coalesce(n.net_amount, 0) AS net_amount, i.issued_on,
           s.reporting_currency
      FROM invoicing_invoice i
      JOIN side s USING (account_id)
      LEFT JOIN LATERAL (SELECT sum(net_amount) AS net_amount FROM invoicing_creditnote
                          WHERE invoice_id = i.id) n ON true
     WHERE i.month = %(month)s AND i.state = 'issued'
), pair AS (
    SELECT DISTINCT currency, reporting_currency, issued_on FROM invoiced
), rate AS (
    SELECT p.*, CASE WHEN p.currency = p.reporting_currency THEN 1
                     WHEN direct.rate IS NOT NULL THEN direct.rate
                     WHEN p.reporting_currency = 'EUR' THEN 1 ELSE report_leg.rate END AS numerator,
           CASE WHEN p.currency = p.reporting_currency OR direct.rate IS NOT NULL OR p.currency = 'EUR' THEN 1
                ELSE own_leg.rate END AS denominator
      FROM pair p
      LEFT JOIN LATERAL (SELECT rate FROM catalogue_exchangerate r
           WHERE r.base = p.currency AND r.quote = p.reporting_currency AND r.rated_on <= p.issued_on
           ORDER BY r.rated_on DESC LIMIT 1) direct ON true
      LEFT JOIN LATERAL (SELECT rate FROM catalogue_exchangerate r
           WHERE r.base = 'EUR' AND r.quote = p.reporting_currency AND r.rated_on <= p.issued_on
           ORDER BY r.rated_on DESC LIMIT 1) report_leg ON true
      LEFT JOIN LATERAL (SELECT rate FROM catalogue_exchangerate r
           WHERE r.base = 'EUR' AND r.quote = p.currency AND r.rated_on <= p.issued_on
           ORDER BY r.rated_on DESC LIMIT 1) own_leg ON true
), revenue AS (
    SELECT i.account_id, i.currency, i.net_amount,
           half_up(i.net_amount * r.numerator, r.denominator, c.minor_units::integer) AS revenue,
           CASE WHEN r.numerator IS NULL OR r.denominator IS NULL
                THEN i.currency || ' to ' || i.reporting_currency || ' on ' || i.issued_on END AS rate_missing
      FROM invoiced i
      JOIN rate r USING (currency, reporting_currency, issued_on)
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
