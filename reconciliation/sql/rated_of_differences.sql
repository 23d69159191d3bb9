-- Grain: one row a key of `compared` that differs in its amount, of `billed_charge` and the second rating: how many
-- rounded lines were billed for it, whether the quantities differ, too, and whether it was billed in another currency
-- than the account's.
WITH differing AS (
    SELECT account, sku, resource, key FROM compared WHERE first <> second
), billed AS (
    SELECT d.key, count(*) AS lines, sum(b.quantity) FILTER (WHERE b.charge_kind = 'charge') AS quantity,
           bool_or(b.currency <> a.currency) AS currencies_differ
      FROM differing d
      JOIN billed_charge b USING (account, sku, resource)
      JOIN catalogue_account a ON a.code = d.account
     GROUP BY d.key
), second AS (
    SELECT d.key, sum(s.quantity) AS quantity
      FROM differing d
      JOIN catalogue_account a ON a.code = d.account
      JOIN catalogue_product p ON p.sku = d.sku
      LEFT JOIN metering_order o ON o.account_id = a.id AND o.code = d.resource
      JOIN reconciliation_secondarycharge s
        ON s.company_id = %(company_id)s AND s.month = %(month)s AND s.side = 'sell' AND s.account_id = a.id
       AND s.product_id = p.id AND (s.order_id = o.id OR s.order_id IS NULL AND s.resource = d.resource)
     GROUP BY d.key
)
SELECT key, lines, currencies_differ,
       round(b.quantity, 9) IS DISTINCT FROM round(s.quantity, 9) AS quantities_differ
  FROM billed b JOIN second s USING (key)
