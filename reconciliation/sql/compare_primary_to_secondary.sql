-- Grain: one row an account, SKU and resource (or order) of the company: net amounts of %(month)s. First: what was
-- billed for the month, corrections included. Second: as the independent rater has it from all that is known now. Beside
-- them (`beside`) the difference of their quantities.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH second AS (
    SELECT a.code AS account, p.sku, coalesce(o.code, s.resource) AS resource,
           sum(s.charge_amount + s.true_up_amount) AS amount, sum(s.quantity) AS quantity
      FROM reconciliation_secondarycharge s
      JOIN catalogue_account a ON a.id = s.account_id
      JOIN catalogue_product p ON p.id = s.product_id
      LEFT JOIN metering_order o ON o.id = s.order_id
     WHERE s.company_id = %(company_id)s AND s.month = %(month)s AND s.side = 'sell'
     GROUP BY 1, 2, 3
), billed AS (
    SELECT account, sku, resource, sum(net_amount) AS amount,
           coalesce(sum(quantity) FILTER (WHERE charge_kind = 'charge'), 0) AS quantity
      FROM billed_charge GROUP BY 1, 2, 3
)
SELECT account, sku, resource, concat_ws(' ', account, sku, resource) AS key,
       b.amount AS first, s.amount AS second, coalesce(b.quantity, 0) - coalesce(s.quantity, 0) AS beside,
       NULL::date AS day, '' AS note
  FROM billed b FULL JOIN second s USING (account, sku, resource)
 WHERE coalesce(b.amount, 0) <> 0 OR coalesce(s.amount, 0) <> 0
