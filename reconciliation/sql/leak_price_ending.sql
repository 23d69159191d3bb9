-- Grain: one row an entry of the company's book in force at %(at)s that ends by %(soon)s, was charged since %(since)s,
-- and after which no other entry (of the account or the book) is in force. Amount: its charges of the last such month.
SELECT date_trunc('month', p.valid_to AT TIME ZONE 'UTC')::date AS month,
       concat_ws(' ', d.sku, p.currency, a.code, 'entry', p.id) AS key, p.account_id, d.sku, '' AS resource,
       p.currency AS unit, p.currency, NULL::numeric AS quantity, charged.amount, p.valid_to AS instant,
       'It ends at ' || to_char(p.valid_to AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
       || ' UTC and nothing follows; enter the next price.' AS note
  FROM catalogue_price p
  JOIN catalogue_product d ON d.id = p.product_id
  LEFT JOIN catalogue_account a ON a.id = p.account_id
  JOIN LATERAL (SELECT sum(c.net_amount) AS amount FROM metering_charge c
                 WHERE c.price_id = p.id AND c.side = 'sell' AND c.service_month >= %(since)s
                 GROUP BY c.service_month ORDER BY c.service_month DESC LIMIT 1) charged ON true
 WHERE p.company_id = %(company_id)s AND p.superseded_at IS NULL
   AND p.valid_from <= %(at)s AND p.valid_to > %(at)s AND p.valid_to <= %(soon)s
   AND NOT EXISTS (SELECT FROM catalogue_price q
                    WHERE q.company_id = p.company_id AND q.product_id = p.product_id AND q.currency = p.currency
                      AND (q.account_id IS NULL OR q.account_id = p.account_id) AND q.superseded_at IS NULL
                      AND q.valid_from <= p.valid_to AND coalesce(q.valid_to, 'infinity') > p.valid_to)
