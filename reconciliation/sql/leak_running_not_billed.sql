-- Grain: one row a month since %(since)s, account of the company, resource and SKU whose time ran in a billed state, is
-- rated up to now, has a price, and is in no sell charge. Charges without a resource pool all of an account.
WITH period AS (
    SELECT p.account_id, a.code AS account, a.currency, p.month, p.period_start,
           CASE WHEN p.cutoff IS NULL THEN least(p.period_end, p.rated_as_of) ELSE p.period_end END AS until
      FROM metering_accountperiod p JOIN catalogue_account a ON a.id = p.account_id
     WHERE a.company_id = %(company_id)s AND p.month >= %(since)s AND NOT p.stale
), ran AS (
    SELECT p.account_id, p.account, p.currency, p.month, i.resource_id, item.product_id,
           min(greatest(i.started_at, p.period_start)) AS instant,
           sum(item.quantity * extract(epoch FROM least(i.ended_at, p.until)
                                                  - greatest(i.started_at, p.period_start))) / 3600 AS quantity
      FROM period p
      JOIN metering_resourceinterval i ON i.account_id = p.account_id AND i.started_at < p.until
       AND coalesce(i.ended_at, 'infinity') > p.period_start
     CROSS JOIN LATERAL unnest(i.product_ids, i.quantities) AS item(product_id, quantity)
      JOIN catalogue_product d ON d.id = item.product_id AND d.kind = 'time' AND i.state = ANY(d.billed_states)
     WHERE item.quantity > 0
     GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT r.month, concat_ws(' ', r.account, d.sku, n.name) AS key, r.account_id, d.sku, n.name AS resource, d.unit,
       r.currency, r.quantity, NULL::numeric AS amount, r.instant, '' AS note
  FROM ran r
  JOIN catalogue_product d ON d.id = r.product_id
  JOIN metering_resource n ON n.id = r.resource_id
 WHERE NOT EXISTS (SELECT FROM metering_charge c
                    WHERE c.account_id = r.account_id AND c.service_month = r.month AND c.side = 'sell'
                      AND c.product_id = r.product_id AND coalesce(c.resource_id, r.resource_id) = r.resource_id)
   AND EXISTS (SELECT FROM catalogue_price p
                WHERE p.company_id = %(company_id)s AND p.product_id = r.product_id AND p.currency = r.currency
                  AND coalesce(p.account_id, r.account_id) = r.account_id AND p.superseded_at IS NULL
                  AND p.valid_from <= r.instant AND coalesce(p.valid_to, 'infinity') > r.instant)
