-- Grain: one row a credit note of %(credit_notes)s for the invoice at the same place of %(invoices)s. Its lines and
-- taxes are written already, nothing is added to them later. Snapshots seller and buyer as they stand now. Numbers
-- after %(last_number)s in order of the accounts' codes; the caller holds the lock of the series and of the invoices.
INSERT INTO invoicing_creditnote (id, company_id, account_id, invoice_id, cause, number, issued_on, currency,
       net_amount, tax_amount, gross_amount, seller, buyer, reason, request_id, request)
SELECT o.credit_note, s.id, a.id, i.id, %(cause)s, %(prefix)s || lpad(o.number::text, greatest(5, length(o.number::text)), '0'),
       %(issued_on)s, i.currency, l.net_amount, t.tax_amount, l.net_amount + t.tax_amount,
       jsonb_build_object('code', s.code, 'name', s.name, 'address', s.address, 'country', s.country,
                          'tax_number', s.tax_number, 'legal_footer', s.legal_footer, 'logo', s.logo, 'timezone', s.timezone),
       jsonb_build_object('code', a.code, 'name', a.name, 'address', a.address, 'country', a.country,
                          'tax_number', a.tax_number, 'locale', a.locale, 'timezone', a.timezone,
                          'email', a.email),
       %(reason)s, %(request_id)s, %(request)s::jsonb
  FROM (
    SELECT o.credit_note, o.invoice, %(last_number)s + row_number() OVER (ORDER BY a.code, i.month) AS number
      FROM unnest(%(credit_notes)s::uuid[], %(invoices)s::uuid[]) AS o (credit_note, invoice)
      JOIN invoicing_invoice i ON i.id = o.invoice
      JOIN catalogue_account a ON a.id = i.account_id
  ) o
  JOIN invoicing_invoice i ON i.id = o.invoice
  JOIN catalogue_account a ON a.id = i.account_id
  JOIN catalogue_company s ON s.id = i.company_id
  JOIN LATERAL (SELECT sum(net_amount) AS net_amount FROM invoicing_creditnoteline
                 WHERE credit_note_id = o.credit_note) l ON true
  JOIN LATERAL (SELECT sum(tax_amount) AS tax_amount FROM invoicing_creditnotetax
                 WHERE credit_note_id = o.credit_note) t ON true
