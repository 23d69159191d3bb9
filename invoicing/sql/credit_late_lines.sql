-- Grain: one row a correction (waiting_difference) of the month at the same place of %(periods)s as its new credit note
-- of %(credit_notes)s. Names the correction's charge, which a unique key settles once, and the line that billed the
-- charge it corrects, if the month's own invoice has one. Followed by settle_differences in the same transaction.
INSERT INTO invoicing_creditnoteline (credit_note_id, position, invoice_line_id, charge_id, product_id, sku,
       description, family, resource, service_start, service_end, quantity, unit, unit_price, net_amount, tax_category)
SELECT o.credit_note,
       row_number() OVER (PARTITION BY o.credit_note
                          ORDER BY d.family, d.sku, coalesce(r.name, od.code, ''), w.service_start, w.id),
       l.id, w.id, d.id, d.sku, coalesce(nullif(d.name, ''), d.sku), d.family, coalesce(r.name, od.code, ''),
       w.service_start, w.service_end, CASE WHEN w.kind = 'charge' THEN -w.quantity END, d.unit, w.unit_price,
       -w.net_amount, treated_category(d.tax_category, i.buyer #>> '{tax_treatment,category}')
  FROM unnest(%(credit_notes)s::uuid[], %(periods)s::bigint[]) AS o (credit_note, period)
  JOIN waiting_difference w ON w.period_id = o.period
  JOIN invoicing_invoice i ON i.account_id = w.account_id AND i.month = w.service_month
  JOIN catalogue_product d ON d.id = w.product_id
  LEFT JOIN metering_resource r ON r.id = w.resource_id
  LEFT JOIN metering_order od ON od.id = w.order_id
  LEFT JOIN invoicing_invoiceline l ON l.charge_id = w.own_charge_id
