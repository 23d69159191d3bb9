-- Grain: one row a sell charge of a draft invoice that has no lines yet: a charge is a line, and the unique key on the
-- charge refuses a second line for one. Settled ones stand on a credit note. What lies in another month than it was
-- used in corrects that month; the first charge of an order's cycle is a charge wherever it lies (rule 11).
INSERT INTO invoicing_invoiceline (invoice_id, position, kind, charge_id, product_id, sku, description, family,
       resource, service_start, service_end, quantity, unit, unit_price, net_amount, tax_category)
SELECT i.id, row_number() OVER (PARTITION BY i.id
                                ORDER BY d.family, d.sku, coalesce(r.name, o.code, ''), c.service_start, c.id),
       CASE WHEN c.month <> c.service_month AND (c.cycle_start IS NULL OR EXISTS (
                     SELECT FROM metering_charge b
                      WHERE (b.account_id, b.side, b.product_id, b.cycle_start)
                            = (c.account_id, c.side, c.product_id, c.cycle_start)
                        AND b.order_id IS NOT DISTINCT FROM c.order_id AND b.month < c.month))
            THEN 'correction' ELSE c.kind END, c.id, d.id, d.sku,
       coalesce(nullif(d.name, ''), d.sku), d.family, coalesce(r.name, o.code, ''), c.service_start, c.service_end,
       CASE WHEN c.kind = 'charge' THEN c.quantity END, d.unit, c.unit_price, c.net_amount,
       treated_category(d.tax_category, i.buyer #>> '{tax_treatment,category}')
  FROM invoicing_invoice i
  JOIN metering_charge c ON c.account_id = i.account_id AND c.month = i.month AND c.side = 'sell' AND c.settlement = 0
  JOIN catalogue_product d ON d.id = c.product_id
  LEFT JOIN metering_resource r ON r.id = c.resource_id
  LEFT JOIN metering_order o ON o.id = c.order_id
 WHERE i.account_id = ANY(%(accounts)s) AND i.month = %(month)s AND i.state = 'draft'
