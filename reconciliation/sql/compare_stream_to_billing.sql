-- Grain: one row an account, SKU and resource of the company: quantity of time and usage in %(month)s. First: as the
-- independent rater counts it from all events so far. Second: what was billed for the month, corrections included. Beside it
-- (`beside`) the difference of their net amounts.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH stream AS (
    SELECT a.code AS account, p.sku, s.resource, sum(s.quantity) AS quantity, sum(s.charge_amount) AS amount
      FROM reconciliation_secondarycharge s
      JOIN catalogue_account a ON a.id = s.account_id
      JOIN catalogue_product p ON p.id = s.product_id
     WHERE s.company_id = %(company_id)s AND s.month = %(month)s AND s.side = 'sell' AND p.kind IN ('time', 'usage')
     GROUP BY 1, 2, 3
), billed AS (
    SELECT account, sku, resource, sum(quantity) AS quantity, sum(net_amount) AS amount
      FROM billed_charge WHERE charge_kind = 'charge' AND kind IN ('time', 'usage')
     GROUP BY 1, 2, 3
)
SELECT account, sku, resource, concat_ws(' ', account, sku, resource) AS key,
       nullif(round(s.quantity, 9), 0) AS first, nullif(round(b.quantity, 9), 0) AS second,
       coalesce(s.amount, 0) - coalesce(b.amount, 0) AS beside, NULL::date AS day, '' AS note
  FROM stream s FULL JOIN billed b USING (account, sku, resource)
 WHERE round(s.quantity, 9) <> 0 OR round(b.quantity, 9) <> 0
