-- Grain: one row a sell charge of a draft invoice: a charge is a line. Charges that a line names are left out, and
-- the unique key on the charge refuses a second line for one.
INSERT INTO invoicing_invoiceline (invoice_id, position, kind, charge_id, product_id, sku, description, family,
       resource, service_start, service_end, quantity, unit, unit_price, net_amount, tax_category)
SELECT i.id, row_number() OVER (PARTITION BY i.id ORDER BY d.family, d.sku, coalesce(r.name, ''), c.service_start, c.id),
       CASE WHEN c.month <> c.service_month THEN 'correction' ELSE c.kind END, c.id, d.id, d.sku,
       coalesce(nullif(d.name, ''), d.sku), d.family, coalesce(r.name, ''), c.service_start, c.service_end,
       CASE WHEN c.kind = 'charge' THEN c.quantity END, d.unit, c.unit_price, c.net_amount, d.tax_category
  FROM invoicing_invoice i
  JOIN metering_charge c ON c.account_id = i.account_id AND c.month = i.month AND c.side = 'sell'
  JOIN catalogue_product d ON d.id = c.product_id
  LEFT JOIN metering_resource r ON r.id = c.resource_id
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
   AND NOT EXISTS (SELECT FROM invoicing_invoiceline l WHERE l.charge_id = c.id)
