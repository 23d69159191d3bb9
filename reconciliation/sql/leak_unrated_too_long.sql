-- Grain: one row what has waited for more than a day by %(at)s: a month of an account of the company for rating, an
-- event of it that an exception keeps from being billed, and (where it has a stream of its own) a batch for mediation.
SELECT p.month, concat_ws(' ', 'rating of', a.code) AS key, a.id AS account_id, '' AS sku, '' AS resource,
       a.currency AS unit, a.currency, NULL::numeric AS quantity, NULL::numeric AS amount, p.stale_since AS instant,
       'News since ' || to_char(p.stale_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
       || ' UTC wait for rating; see that a worker runs.' AS note
  FROM metering_accountperiod p
  JOIN catalogue_account a ON a.id = p.account_id AND a.company_id = %(company_id)s
 WHERE p.stale AND p.stale_since < %(at)s - interval '1 day' AND p.period_start < %(at)s
 UNION ALL
SELECT date_trunc('month', x.opened_at AT TIME ZONE 'UTC')::date, concat_ws(' ', x.kind, x.key), x.account_id, x.sku,
       x.resource, coalesce(nullif(x.currency, ''), a.currency, s.currency),
       coalesce(nullif(x.currency, ''), a.currency, s.currency), NULL, x.money_at_risk, x.opened_at,
       'An exception has kept it from being billed since '
       || to_char(x.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC.'
  FROM metering_eventexception x
  JOIN catalogue_company s ON s.id = %(company_id)s
  LEFT JOIN catalogue_account a ON a.id = x.account_id
 WHERE x.closed_at IS NULL AND x.kind = ANY(%(unbilled_kinds)s) AND x.opened_at < %(at)s - interval '1 day'
   AND coalesce(x.company_id, x.head_office_id) = s.id
 UNION ALL
SELECT date_trunc('month', b.received_at AT TIME ZONE 'UTC')::date, 'batch ' || b.id, NULL, '', '', s.currency,
       s.currency, NULL, NULL, b.received_at,
       b.event_count || ' events wait for mediation; see that a worker runs.'
  FROM metering_ingestbatch b
  JOIN catalogue_company s ON s.id = %(company_id)s AND s.id = b.head_office_id
 WHERE b.mediated_at IS NULL AND b.received_at < %(at)s - interval '1 day'
