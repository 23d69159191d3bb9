-- Grain: one row a charge or true-up of an invoice in `held_promotion`, with what is left of it, in minor units.
CREATE TEMP TABLE discountable ON COMMIT DROP AS
SELECT l.invoice_id, l.position, l.product_id, l.family, l.tax_category,
       l.net_amount * power(10::numeric, h.places) AS minor_units_left
  FROM (SELECT DISTINCT invoice_id, places FROM held_promotion) h
  JOIN invoicing_invoiceline l USING (invoice_id)
 WHERE l.kind IN ('charge', 'true_up') AND l.net_amount > 0
