-- Grain: one row an entry of the company's book in force at %(at)s that charges nothing at all, after one of the same
-- product, currency and account (or of the book) that did. Amount: what was charged at it since %(since)s would have
-- come to at the unit price before; null where that had none.
WITH entry AS (
    SELECT p.*, coalesce(p.minimum, 0) > 0 OR coalesce(p.unit_price, 0) > 0 OR coalesce(p.fee, 0) > 0
                OR coalesce(p.package_price, 0) > 0 OR coalesce(p.percent, 0) > 0 OR coalesce(p.fixed_fee, 0) > 0
                OR EXISTS (SELECT FROM catalogue_pricetier t
                            WHERE t.price_id = p.id AND (t.unit_price > 0 OR t.flat_fee > 0)) AS charges
      FROM catalogue_price p WHERE p.company_id = %(company_id)s AND p.superseded_at IS NULL
)
SELECT date_trunc('month', p.valid_from AT TIME ZONE 'UTC')::date AS month,
       concat_ws(' ', d.sku, p.currency, a.code, 'entry', p.id) AS key, p.account_id, d.sku, '' AS resource,
       p.currency AS unit, p.currency, NULL::numeric AS quantity,
       half_up(used.quantity * before.unit_price, 1, m.minor_units::integer) AS amount, p.valid_from AS instant,
       'Free since ' || to_char(p.valid_from AT TIME ZONE 'UTC', 'YYYY-MM-DD') || '; the entry before it was not.' AS note
  FROM entry p
  JOIN catalogue_product d ON d.id = p.product_id
  JOIN catalogue_currency m ON m.code = p.currency
  LEFT JOIN catalogue_account a ON a.id = p.account_id
  JOIN LATERAL (SELECT q.charges, q.unit_price FROM entry q
                 WHERE q.product_id = p.product_id AND q.currency = p.currency AND q.id <> p.id
                   AND (q.account_id IS NULL OR q.account_id = p.account_id) AND q.valid_from <= p.valid_from
                 ORDER BY q.valid_from DESC, q.id DESC LIMIT 1) before ON before.charges
  LEFT JOIN LATERAL (SELECT sum(c.quantity) AS quantity FROM metering_charge c
                      WHERE c.price_id = p.id AND c.side = 'sell' AND c.service_month >= %(since)s) used ON true
 WHERE NOT p.charges AND p.valid_from <= %(at)s AND coalesce(p.valid_to, 'infinity') > %(at)s
