-- Grain: one row a cycle of an annual order (or of all of an account where its price pools them) of the companies
-- %(companies)s, with what documents issued by %(on)s bill of it, corrections and credit notes included, and its days. An
-- order that ended within the cycle is served until then, once that is corrected, or if its fee is not prorated.
WITH line AS (
    SELECT i.account_id, i.currency, l.charge_id, l.net_amount, l.kind = 'correction' AS is_correction
      FROM invoicing_invoice i JOIN invoicing_invoiceline l ON l.invoice_id = i.id
     WHERE i.state = 'issued' AND i.company_id = ANY(%(companies)s) AND i.issued_on <= %(on)s
       AND l.charge_id IS NOT NULL
    UNION ALL
    SELECT n.account_id, n.currency, coalesce(l.charge_id, b.charge_id), -l.net_amount, l.charge_id IS NOT NULL
      FROM invoicing_creditnote n
      JOIN invoicing_creditnoteline l ON l.credit_note_id = n.id
      LEFT JOIN invoicing_invoiceline b ON b.id = l.invoice_line_id
     WHERE n.company_id = ANY(%(companies)s) AND n.issued_on <= %(on)s
), cycle AS (
    SELECT l.account_id, l.currency, c.order_id, c.product_id, c.cycle_start, sum(l.net_amount) AS billed,
           min(c.service_start) AS service_start, max(c.service_end) AS service_end,
           bool_or(l.is_correction) AS is_corrected
      FROM line l
      JOIN metering_charge c ON c.id = l.charge_id AND c.account_id = l.account_id AND c.cycle_start IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5
)
SELECT s.code AS company, a.code AS account, coalesce(o.code, '') AS order_code, d.sku, c.currency,
       m.minor_units::integer AS minor_units, c.billed, (c.service_start AT TIME ZONE a.timezone)::date AS starts_on,
       least((c.service_end AT TIME ZONE a.timezone)::date,
             CASE WHEN c.is_corrected OR d.proration = 'none' AND o.ended_on <= %(on)s THEN o.ended_on END) AS ends_on
  FROM cycle c
  JOIN catalogue_product d ON d.id = c.product_id AND d.kind = 'recurring' AND d.cycle = 'annual'
  JOIN catalogue_account a ON a.id = c.account_id
  JOIN catalogue_company s ON s.id = a.company_id
  JOIN catalogue_currency m ON m.code = c.currency
  LEFT JOIN metering_order o ON o.id = c.order_id
 ORDER BY 1, 2, 3, 4, 8
