-- Grain: one row an order of the accounts of the companies %(companies)s that starts before %(until)s, with what its
-- product says of cycles (cycle '': charged once).
SELECT o.id, o.account_id, o.product_id, o.quantity, o.unit_price, o.started_on, o.charged_from, o.ended_on, p.cycle,
       p.in_advance, p.proration
  FROM metering_order o
  JOIN catalogue_account a ON a.id = o.account_id AND a.company_id = ANY(%(companies)s)
  JOIN catalogue_product p ON p.id = o.product_id
 WHERE o.started_on < %(until)s
