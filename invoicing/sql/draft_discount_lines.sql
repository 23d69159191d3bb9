-- Grain: one row what a promotion takes off a tax category of a draft invoice, behind the lines that are there, in the
-- order in which promotions count, then by category.
INSERT INTO invoicing_invoiceline (invoice_id, position, kind, charge_id, product_id, sku, description, family,
       resource, service_start, service_end, quantity, unit, unit_price, net_amount, tax_category)
SELECT i.id, last.position + row_number() OVER (PARTITION BY i.id ORDER BY t.round, t.tax_category), 'discount', NULL,
       NULL, '', p.code, '', '', i.period_start, i.period_end, NULL, '', NULL,
       -round(t.minor_units / power(10::numeric, c.minor_units), c.minor_units::integer), t.tax_category
  FROM (SELECT round, invoice_id, promotion_id, tax_category, sum(minor_units) AS minor_units
          FROM discount_share GROUP BY round, invoice_id, promotion_id, tax_category) t
  JOIN invoicing_invoice i ON i.id = t.invoice_id
  JOIN catalogue_currency c ON c.code = i.currency
  JOIN catalogue_promotion p ON p.id = t.promotion_id
 CROSS JOIN LATERAL (SELECT max(position) AS position FROM invoicing_invoiceline WHERE invoice_id = i.id) last
