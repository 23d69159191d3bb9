-- Grain: one row a month since %(since)s, account of the company, resource and SKU with billed time or usage at an
-- instant (of time: its first and its last) at which no price in the account's currency is in force. What it may come
-- to is asked of the price in the company's own currency.
WITH period AS (
    SELECT p.account_id, a.code AS account, a.currency, p.month, p.period_start, least(p.period_end, %(at)s) AS until
      FROM metering_accountperiod p JOIN catalogue_account a ON a.id = p.account_id
     WHERE a.company_id = %(company_id)s AND p.month >= %(since)s AND p.period_start < %(at)s
), life AS (
    SELECT p.*, i.resource_id, greatest(i.started_at, p.period_start) AS started_at,
           least(i.ended_at, p.until) AS ended_at, i.state, i.product_ids, i.quantities
      FROM period p
      JOIN metering_resourceinterval i ON i.account_id = p.account_id AND i.started_at < p.until
       AND coalesce(i.ended_at, 'infinity') > p.period_start
), used AS (
    SELECT l.account_id, l.account, l.currency, l.month, l.resource_id, d.id AS product_id, edge.instant,
           item.quantity * extract(epoch FROM l.ended_at - l.started_at) / 3600 AS quantity
      FROM life l
     CROSS JOIN LATERAL unnest(l.product_ids, l.quantities) AS item(product_id, quantity)
      JOIN catalogue_product d ON d.id = item.product_id AND d.kind = 'time' AND l.state = ANY(d.billed_states)
     CROSS JOIN LATERAL (VALUES (l.started_at), (l.ended_at - interval '1 microsecond')) AS edge(instant)
     WHERE item.quantity > 0 AND l.ended_at > l.started_at
     UNION ALL
    SELECT l.account_id, l.account, l.currency, l.month, l.resource_id, d.id, u.time,
           u.quantity * coalesce(f.numerator, 1) / coalesce(f.denominator, 1)
      FROM life l
      JOIN metering_resource n ON n.id = l.resource_id
      JOIN metering_usageevent u ON u.head_office_id = n.head_office_id AND u.resource = n.name AND u.voids = ''
       AND u.time >= l.started_at AND u.time < l.ended_at
      JOIN catalogue_product d ON d.sku = u.sku AND d.kind = 'usage'
      LEFT JOIN catalogue_unitfactor f ON f.product_id = d.id AND f.unit = u.unit
     WHERE u.quantity > 0
     UNION ALL
    SELECT p.account_id, p.account, p.currency, p.month, NULL, d.id, u.time,
           u.quantity * coalesce(f.numerator, 1) / coalesce(f.denominator, 1)
      FROM period p
      JOIN metering_usageevent u ON u.account = p.account AND u.resource = '' AND u.voids = ''
       AND u.time >= p.period_start AND u.time < p.until
      JOIN catalogue_product d ON d.sku = u.sku AND d.kind = 'usage'
      LEFT JOIN catalogue_unitfactor f ON f.product_id = d.id AND f.unit = u.unit
     WHERE u.quantity > 0
), unpriced AS (
    SELECT account_id, account, currency, month, resource_id, product_id, min(instant) AS instant,
           sum(quantity) AS quantity
      FROM (SELECT DISTINCT ON (account_id, resource_id, product_id, month, instant, quantity) * FROM used) u
     WHERE NOT EXISTS (SELECT FROM catalogue_price p
                        WHERE p.company_id = %(company_id)s AND p.product_id = u.product_id
                          AND p.currency = u.currency AND coalesce(p.account_id, u.account_id) = u.account_id
                          AND p.superseded_at IS NULL AND p.valid_from <= u.instant
                          AND coalesce(p.valid_to, 'infinity') > u.instant)
     GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT u.month, concat_ws(' ', u.account, d.sku, n.name) AS key, u.account_id, d.sku, coalesce(n.name, '') AS resource,
       d.unit, s.currency, u.quantity, NULL::numeric AS amount, u.instant,
       'No price in ' || u.currency || ' at ' || to_char(u.instant AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
       || ' UTC; enter one.' AS note
  FROM unpriced u
  JOIN catalogue_product d ON d.id = u.product_id
  JOIN catalogue_company s ON s.id = %(company_id)s
  LEFT JOIN metering_resource n ON n.id = u.resource_id
