-- Grain: one row, the month %(month)s of account %(account_id)s, rated for a look and not for the books: whether
-- it is closed makes no difference, the month need not have been opened, and there is no cost side. Its bounds are as
-- open_periods makes them.
CREATE TEMP TABLE rating_period ON COMMIT DROP AS
SELECT 0::bigint AS period_id, a.id AS account_id, %(month)s::date AS month, b.period_start, b.period_end,
       false AS is_closed, least(b.period_end, %(as_of)s) AS count_until, %(month)s::date AS bill_month,
       a.code AS account, a.timezone, s.id AS seller_id, a.currency AS sell_currency,
       sc.minor_units::integer AS sell_places, h.id AS buyer_id, NULL::text AS cost_currency,
       NULL::integer AS cost_places
  FROM catalogue_account a
  LEFT JOIN metering_accountperiod p ON p.account_id = a.id AND p.month = %(month)s
  LEFT JOIN metering_accountperiod earlier
    ON earlier.account_id = a.id AND earlier.month = %(month)s::date - interval '1 month'
  LEFT JOIN metering_accountperiod later
    ON later.account_id = a.id AND later.month = %(month)s::date + interval '1 month'
 CROSS JOIN LATERAL (
       SELECT coalesce(p.period_start, earlier.period_end, local_midnight(%(month)s::date, a.timezone)) AS period_start,
              coalesce(p.period_end, later.period_start,
                       local_midnight((%(month)s::date + interval '1 month')::date, a.timezone)) AS period_end) b
  JOIN catalogue_company s ON s.id = a.company_id
  JOIN catalogue_currency sc ON sc.code = a.currency
  LEFT JOIN catalogue_company h ON h.id = s.parent_id
 WHERE a.id = %(account_id)s
