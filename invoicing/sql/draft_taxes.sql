-- Grain: one row a tax (category and name) of a draft invoice: the percent in force on the day of issue in the
-- account's country, taken on the category's taxable sum and rounded once, as the company rounds tax (rule 4).
-- A category without a rate is taxed at 0, and so is that of the account's tax treatment. A second run adds nothing.
INSERT INTO invoicing_invoicetax (invoice_id, category, name, percent, taxable_amount, tax_amount)
SELECT t.invoice_id, t.category, coalesce(x.name, ''), coalesce(x.percent, 0), t.taxable_amount,
       CASE t.tax_rounding
            WHEN 'down' THEN trunc(t.taxable_amount * coalesce(x.percent, 0) * 0.01, t.places)
            ELSE half_up(t.taxable_amount * coalesce(x.percent, 0), 100, t.places) END
  FROM (
    SELECT i.id AS invoice_id, i.buyer #>> '{tax_treatment,category}' AS treatment, a.country, s.tax_rounding, c.minor_units::integer AS places, l.tax_category AS category,
           sum(l.net_amount) AS taxable_amount
      FROM invoicing_invoice i
      JOIN invoicing_invoiceline l ON l.invoice_id = i.id
      JOIN catalogue_account a ON a.id = i.account_id
      JOIN catalogue_company s ON s.id = i.company_id
      JOIN catalogue_currency c ON c.code = i.currency
     WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
     GROUP BY i.id, treatment, a.country, s.tax_rounding, c.minor_units, l.tax_category
  ) t
  LEFT JOIN LATERAL (
    SELECT DISTINCT ON (name) name, percent FROM catalogue_taxrate r
     WHERE r.country = t.country AND r.category = t.category AND r.valid_from <= %(issued_on)s
       AND r.category IS DISTINCT FROM t.treatment
     ORDER BY name, valid_from DESC
  ) x ON true
    ON CONFLICT DO NOTHING
