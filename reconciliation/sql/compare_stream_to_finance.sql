-- Grain: one row an account of the company: what the stream of %(month)s comes to, gross, as the independent rater
-- prices it, beside what finance booked for the month. Tax is computed anew, by category on the sum. Taken as billed,
-- because the stream does not know them: discounts, credit notes, and what was billed for another month than its own.
-- Where finance books by day, what it booked on the days on which the month's documents were issued.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH customer AS (
    SELECT a.id, a.code, a.country, s.tax_rounding, u.minor_units::integer AS places, i.id AS invoice_id,
           coalesce(i.issued_on, (%(at)s AT TIME ZONE s.timezone)::date) AS issued_on
      FROM catalogue_account a
      JOIN catalogue_company s ON s.id = a.company_id
      JOIN catalogue_currency u ON u.code = a.currency
      LEFT JOIN invoicing_invoice i ON i.account_id = a.id AND i.month = %(month)s AND i.state = 'issued'
     WHERE s.id = %(company_id)s
), account AS (
    SELECT s.*, t.category AS treatment
      FROM customer s
      LEFT JOIN LATERAL (SELECT category FROM catalogue_taxtreatment t
                          WHERE t.account_id = s.id AND t.valid_from <= s.issued_on
                            AND coalesce(t.valid_to, 'infinity') > s.issued_on
                          ORDER BY t.valid_from DESC LIMIT 1) t ON true
), part AS (
    SELECT s.account_id, treated_category(p.tax_category, a.treatment) AS category,
           s.charge_amount + s.true_up_amount AS amount
      FROM reconciliation_secondarycharge s
      JOIN account a ON a.id = s.account_id
      JOIN catalogue_product p ON p.id = s.product_id
     WHERE s.company_id = %(company_id)s AND s.month = %(month)s AND s.side = 'sell'
     UNION ALL
    -- Discounts, and corrections of other months that the month's invoice carries.
    SELECT a.id, l.tax_category, l.net_amount
      FROM account a
      JOIN invoicing_invoiceline l ON l.invoice_id = a.invoice_id
      LEFT JOIN metering_charge c ON c.id = l.charge_id
     WHERE l.kind = 'discount' OR c.service_month <> %(month)s
     UNION ALL
    -- Corrections of the month that another month's invoice carries.
    SELECT a.id, l.tax_category, -l.net_amount
      FROM account a
      JOIN metering_charge c ON c.account_id = a.id AND c.service_month = %(month)s AND c.month <> c.service_month
       AND c.side = 'sell'
      JOIN invoicing_invoiceline l ON l.charge_id = c.id
      JOIN invoicing_invoice i ON i.id = l.invoice_id AND i.state = 'issued' AND i.month <> %(month)s
     UNION ALL
    -- Credit notes for late usage stand against the invoice as it was.
    SELECT a.id, l.tax_category, l.net_amount
      FROM account a
      JOIN invoicing_creditnote n ON n.invoice_id = a.invoice_id AND n.cause = 'late_usage'
      JOIN invoicing_creditnoteline l ON l.credit_note_id = n.id
), taxable AS (
    SELECT account_id, category, sum(amount) AS amount FROM part GROUP BY 1, 2
), gross AS (
    SELECT t.account_id,
           sum(t.amount + coalesce(x.tax, 0)) AS amount
      FROM taxable t
      JOIN account a ON a.id = t.account_id
      LEFT JOIN LATERAL (
        SELECT sum(CASE a.tax_rounding WHEN 'down' THEN trunc(t.amount * r.percent * 0.01, a.places)
                                       ELSE round(t.amount * r.percent * 0.01, a.places) END) AS tax
          FROM (SELECT DISTINCT ON (name) percent FROM catalogue_taxrate
                 WHERE country = a.country AND category = t.category AND category IS DISTINCT FROM a.treatment
                   AND valid_from <= a.issued_on
                 ORDER BY name, valid_from DESC) r
      ) x ON true
     GROUP BY t.account_id
), credited AS (
    SELECT a.id AS account_id, sum(n.gross_amount) AS amount
      FROM account a JOIN invoicing_creditnote n ON n.invoice_id = a.invoice_id GROUP BY a.id
), issue AS (
    SELECT id AS account_id, issued_on AS day FROM account WHERE invoice_id IS NOT NULL
     UNION
    SELECT a.id, n.issued_on FROM account a JOIN invoicing_creditnote n ON n.invoice_id = a.invoice_id
), booked AS (
    SELECT f.account_id, sum(f.amount) AS amount
      FROM reconciliation_financetotal f
      LEFT JOIN issue USING (account_id, day)
     WHERE f.company_id = %(company_id)s AND (f.day IS NULL AND f.month = %(month)s OR issue.day IS NOT NULL)
     GROUP BY 1
)
SELECT a.code AS account, '' AS sku, '' AS resource, a.code AS key, g.amount - coalesce(n.amount, 0) AS first,
       f.amount AS second, NULL::numeric AS beside, NULL::date AS day, '' AS note
  FROM account a
  LEFT JOIN gross g ON g.account_id = a.id
  LEFT JOIN credited n ON n.account_id = a.id
  LEFT JOIN booked f ON f.account_id = a.id
 WHERE coalesce(g.amount, 0) <> 0 OR coalesce(f.amount, 0) <> 0
