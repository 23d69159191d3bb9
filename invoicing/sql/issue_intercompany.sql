-- Grain: one row, the document of the head office to the company of the bill run, with what `cost_to_bill` holds, and its
-- lines. The caller holds the lock of the head office's series and gives %(number)s.
WITH document AS (
    INSERT INTO invoicing_intercompanydocument (id, head_office_id, sales_office_id, month, number, issued_on, currency,
           line_count, net_amount, seller, buyer)
    SELECT gen_random_uuid(), h.id, s.id, r.month, %(number)s, r.issued_on, h.currency, t.line_count, t.net_amount,
           jsonb_build_object('code', h.code, 'name', h.name, 'address', h.address, 'country', h.country,
                              'tax_number', h.tax_number, 'legal_footer', h.legal_footer, 'logo', h.logo),
           jsonb_build_object('code', s.code, 'name', s.name, 'address', s.address, 'country', s.country,
                              'tax_number', s.tax_number)
      FROM invoicing_billrun r
      JOIN catalogue_company s ON s.id = r.company_id
      JOIN catalogue_company h ON h.id = s.parent_id
     CROSS JOIN (SELECT count(*) AS line_count, sum(net_amount) AS net_amount FROM cost_to_bill) t
     WHERE r.id = %(bill_run)s
    RETURNING id, month
)
INSERT INTO invoicing_intercompanyline (document_id, position, account_id, account, month, product_id, sku,
       description, quantity, unit, net_amount)
SELECT d.id, c.position, c.account_id, c.account, d.month, c.product_id, c.sku, c.description,
       coalesce(c.quantity, 0), c.unit, c.net_amount
  FROM document d CROSS JOIN cost_to_bill c
