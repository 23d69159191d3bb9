-- Grain: one row a tax (category and name) of each new credit note of %(credit_notes)s, for the invoice at the same place
-- of %(invoices)s: the invoice's percent on what the lines credit of the category, rounded once as the company rounds
-- tax, never more than is left of the invoice's tax; who credits the last of a category takes the remainder (rule 4).
-- The same arithmetic as catalogue/domain/tax.py; a test compares both.
INSERT INTO invoicing_creditnotetax (credit_note_id, category, name, percent, taxable_amount, tax_amount)
SELECT credit_note, category, name, percent, net_amount,
       CASE WHEN net_amount = net_left THEN tax_left
            WHEN tax_left >= 0 THEN least(tax_amount, tax_left)
            ELSE greatest(tax_amount, tax_left) END
  FROM (
    SELECT o.credit_note, t.category, t.name, t.percent, l.net_amount,
           CASE s.tax_rounding
                WHEN 'down' THEN trunc(l.net_amount * t.percent * 0.01, m.minor_units::integer)
                ELSE half_up(l.net_amount * t.percent, 100, m.minor_units::integer) END AS tax_amount,
           t.taxable_amount - coalesce(b.taxable_amount, 0) AS net_left,
           t.tax_amount - coalesce(b.tax_amount, 0) AS tax_left
      FROM unnest(%(credit_notes)s::uuid[], %(invoices)s::uuid[]) AS o (credit_note, invoice)
      JOIN invoicing_invoice i ON i.id = o.invoice
      JOIN catalogue_company s ON s.id = i.company_id
      JOIN catalogue_currency m ON m.code = i.currency
      JOIN (SELECT credit_note_id, tax_category, sum(net_amount) AS net_amount
              FROM invoicing_creditnoteline WHERE credit_note_id = ANY(%(credit_notes)s::uuid[])
             GROUP BY credit_note_id, tax_category) l ON l.credit_note_id = o.credit_note
      JOIN invoicing_invoicetax t ON t.invoice_id = i.id AND t.category = l.tax_category
      LEFT JOIN LATERAL (
        SELECT sum(x.taxable_amount) AS taxable_amount, sum(x.tax_amount) AS tax_amount
          FROM invoicing_creditnote n JOIN invoicing_creditnotetax x ON x.credit_note_id = n.id
         WHERE n.invoice_id = i.id AND x.category = t.category AND x.name = t.name
      ) b ON true
  ) tax
