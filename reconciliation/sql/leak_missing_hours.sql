-- Grain: one row a hole between two records of a resource of the company that metering knows of, and one a resource and
-- SKU whose records covered its time up to a day before %(at)s or longer, while it is still active. What such a one may
-- come to is asked of its last record's quantity an hour.
SELECT date_trunc('month', x.gap_start AT TIME ZONE 'UTC')::date AS month,
       concat_ws(' ', x.resource, x.sku, to_char(x.gap_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')) AS key,
       a.id AS account_id, x.sku, x.resource, coalesce(nullif(x.currency, ''), a.currency) AS unit,
       coalesce(nullif(x.currency, ''), a.currency) AS currency, NULL::numeric AS quantity, x.money_at_risk AS amount,
       x.gap_start AS instant,
       'Nothing covers ' || to_char(x.gap_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' to '
       || to_char(x.gap_end AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC; send what is missing.' AS note
  FROM metering_eventexception x
  JOIN metering_resource n ON n.head_office_id = x.head_office_id AND n.name = x.resource
  JOIN catalogue_account a ON a.id = coalesce(x.account_id, n.account_id) AND a.company_id = %(company_id)s
 WHERE x.kind = 'gap' AND x.closed_at IS NULL AND x.head_office_id = %(head_office)s
 UNION ALL
SELECT date_trunc('month', u.until AT TIME ZONE 'UTC')::date,
       concat_ws(' ', n.name, u.sku, 'silent since', to_char(u.until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')),
       n.account_id, u.sku, n.name, d.unit, a.currency,
       u.quantity * coalesce(f.numerator, 1) * extract(epoch FROM %(at)s - u.until)
       / (coalesce(f.denominator, 1) * extract(epoch FROM u.until - u.time)), NULL, u.time,
       'It is active, and its meter has sent nothing since '
       || to_char(u.until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC.'
  FROM metering_resource n
  JOIN catalogue_account a ON a.id = n.account_id AND a.company_id = %(company_id)s
  JOIN LATERAL (
    SELECT DISTINCT ON (e.sku) e.sku, e.time, e.until, e.quantity, e.unit FROM metering_usageevent e
     WHERE e.head_office_id = n.head_office_id AND e.resource = n.name AND e.until > %(since)s AND e.voids = ''
     ORDER BY e.sku, e.until DESC) u ON u.until < %(at)s - interval '1 day'
  JOIN catalogue_product d ON d.sku = u.sku
  LEFT JOIN catalogue_unitfactor f ON f.product_id = d.id AND f.unit = u.unit
 WHERE n.head_office_id = %(head_office)s AND n.state = 'active'
