-- Grain: one row a sell charge that lies in %(month)s of the company's accounts, where it is closed, beside its
-- invoice line: net amounts, and beside them (`beside`) the difference of their quantities, which is noted. A line that
-- names no such charge stands alone; a charge on several lines is noted. Of a settled correction the line is the credit
-- note's, where what is credited is positive.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH charge AS (
    SELECT c.id, a.code AS account, p.sku, coalesce(r.name, o.code, '') AS resource, c.net_amount, c.quantity
      FROM metering_accountperiod m
      JOIN catalogue_account a ON a.id = m.account_id AND a.company_id = %(company_id)s
      JOIN metering_charge c ON c.account_id = m.account_id AND c.month = m.month AND c.side = 'sell'
      JOIN catalogue_product p ON p.id = c.product_id
      LEFT JOIN metering_resource r ON r.id = c.resource_id
      LEFT JOIN metering_order o ON o.id = c.order_id
     WHERE m.month = %(month)s AND m.cutoff IS NOT NULL
), document_line AS (
    SELECT l.charge_id, a.code AS account, l.sku, l.resource, l.net_amount, l.quantity,
           'line ' || coalesce(i.number, i.id::text) || ' ' || l.position AS name
      FROM invoicing_invoice i
      JOIN catalogue_account a ON a.id = i.account_id
      JOIN invoicing_invoiceline l ON l.invoice_id = i.id AND l.kind <> 'discount'
     WHERE i.company_id = %(company_id)s AND i.month = %(month)s
     UNION ALL
    SELECT l.charge_id, c.account, l.sku, l.resource, -l.net_amount, -l.quantity,
           'line ' || n.number || ' ' || l.position
      FROM charge c
      JOIN invoicing_creditnoteline l ON l.charge_id = c.id
      JOIN invoicing_creditnote n ON n.id = l.credit_note_id
), line AS (
    -- A line without a charge stands for itself.
    SELECT charge_id, min(account) AS account, min(sku) AS sku, min(resource) AS resource, sum(net_amount) AS net_amount,
           sum(quantity) AS quantity, count(*) AS line_count, min(name) AS name
      FROM document_line GROUP BY charge_id, CASE WHEN charge_id IS NULL THEN name END
)
SELECT coalesce(c.account, l.account) AS account, coalesce(c.sku, l.sku) AS sku,
       coalesce(c.resource, l.resource) AS resource,
       CASE WHEN c.id IS NULL THEN l.name ELSE 'charge ' || c.id END AS key, c.net_amount AS first,
       l.net_amount AS second, coalesce(c.quantity, 0) - coalesce(l.quantity, 0) AS beside, NULL::date AS day,
       concat_ws('; ', CASE WHEN l.line_count > 1 THEN 'on ' || l.line_count || ' lines' END,
                 CASE WHEN c.quantity <> l.quantity THEN 'the quantities differ' END) AS note
  FROM charge c FULL JOIN line l ON l.charge_id = c.id
