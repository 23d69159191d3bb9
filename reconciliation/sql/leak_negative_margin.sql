-- Grain: one row a month since %(since)s, account of the company and SKU whose sell charges come to less than their
-- cost, both in the head office's currency at the last rate on or before %(day)s (the pair, else both legs by the
-- euro). What has no rate is left out: the margin reports say so. Months that are neither closed nor over are left out.
WITH summed AS (
    SELECT c.month, c.account_id, c.product_id, c.side, c.currency, sum(c.net_amount) AS amount
      FROM catalogue_account a
      JOIN metering_charge c ON c.account_id = a.id AND c.month >= %(since)s
      JOIN metering_accountperiod p ON p.account_id = a.id AND p.month = c.month AND p.period_end <= %(at)s
     WHERE a.company_id = %(company_id)s
     GROUP BY 1, 2, 3, 4, 5
), rate AS (
    SELECT pair.currency, h.currency AS reporting_currency,
           CASE WHEN pair.currency = h.currency THEN 1 WHEN direct.rate IS NOT NULL THEN direct.rate
                WHEN h.currency = 'EUR' THEN 1 ELSE report_leg.rate END AS numerator,
           CASE WHEN pair.currency = h.currency OR direct.rate IS NOT NULL OR pair.currency = 'EUR' THEN 1
                ELSE own_leg.rate END AS denominator
      FROM (SELECT DISTINCT currency FROM summed) pair
      JOIN catalogue_company h ON h.id = %(head_office)s
      LEFT JOIN LATERAL (SELECT rate FROM catalogue_exchangerate r
           WHERE r.base = pair.currency AND r.quote = h.currency AND r.rated_on <= %(day)s
           ORDER BY r.rated_on DESC LIMIT 1) direct ON true
      LEFT JOIN LATERAL (SELECT rate FROM catalogue_exchangerate r
           WHERE r.base = 'EUR' AND r.quote = h.currency AND r.rated_on <= %(day)s
           ORDER BY r.rated_on DESC LIMIT 1) report_leg ON true
      LEFT JOIN LATERAL (SELECT rate FROM catalogue_exchangerate r
           WHERE r.base = 'EUR' AND r.quote = pair.currency AND r.rated_on <= %(day)s
           ORDER BY r.rated_on DESC LIMIT 1) own_leg ON true
), margin AS (
    SELECT s.month, s.account_id, s.product_id, r.reporting_currency,
           coalesce(sum(s.amount * r.numerator / r.denominator) FILTER (WHERE s.side = 'sell'), 0) AS revenue,
           coalesce(sum(s.amount * r.numerator / r.denominator) FILTER (WHERE s.side = 'cost'), 0) AS cost
      FROM summed s JOIN rate r USING (currency)
     WHERE r.numerator IS NOT NULL AND r.denominator IS NOT NULL
     GROUP BY 1, 2, 3, 4
)
SELECT m.month, concat_ws(' ', a.code, d.sku) AS key, m.account_id, d.sku, '' AS resource, m.reporting_currency AS unit,
       m.reporting_currency AS currency, NULL::numeric AS quantity,
       half_up(m.cost - m.revenue, 1, c.minor_units::integer) AS amount,
       NULL::timestamptz AS instant,
       'Revenue ' || half_up(m.revenue, 1, c.minor_units::integer) || ', cost '
       || half_up(m.cost, 1, c.minor_units::integer) || ' ' || m.reporting_currency || '.' AS note
  FROM margin m
  JOIN catalogue_account a ON a.id = m.account_id
  JOIN catalogue_product d ON d.id = m.product_id
  JOIN catalogue_currency c ON c.code = m.reporting_currency
 WHERE half_up(m.cost - m.revenue, 1, c.minor_units::integer) > 0
