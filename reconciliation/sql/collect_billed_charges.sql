-- Grain: one row a sell charge of the company for use in %(month)s that stands on an issued document. Credit notes
-- for late usage name charges, too: their difference is negative.
CREATE TEMP TABLE billed_charge ON COMMIT DROP AS
SELECT a.code AS account, p.sku, p.kind, coalesce(r.name, o.code, '') AS resource, c.kind AS charge_kind, c.quantity,
       c.net_amount, c.currency
  FROM catalogue_account a
  JOIN metering_charge c ON c.account_id = a.id AND c.service_month = %(month)s AND c.side = 'sell'
  JOIN catalogue_product p ON p.id = c.product_id
  LEFT JOIN metering_resource r ON r.id = c.resource_id
  LEFT JOIN metering_order o ON o.id = c.order_id
  LEFT JOIN invoicing_invoiceline l ON l.charge_id = c.id
  LEFT JOIN invoicing_invoice i ON i.id = l.invoice_id AND i.state = 'issued'
 WHERE a.company_id = %(company_id)s
   AND (i.id IS NOT NULL OR EXISTS (SELECT FROM invoicing_creditnoteline n WHERE n.charge_id = c.id))
