-- Grain: one row an account of the companies %(companies)s and the month %(month)s, rated for a look and not for the
-- books: whether it is closed makes no difference, all that is known by now counts, until %(as_of)s. The columns are
-- those of metering's rating_periods.
CREATE TEMP TABLE rating_period ON COMMIT DROP AS
SELECT p.id AS period_id, p.account_id, p.month, p.period_start, p.period_end, false AS is_closed,
       least(p.period_end, %(as_of)s) AS count_until, p.month AS bill_month, a.code AS account, a.timezone,
       s.id AS seller_id, a.currency AS sell_currency, sc.minor_units::integer AS sell_places, h.id AS buyer_id,
       h.currency AS cost_currency, hc.minor_units::integer AS cost_places
  FROM metering_accountperiod p
  JOIN catalogue_account a ON a.id = p.account_id
  JOIN catalogue_company s ON s.id = a.company_id
  JOIN catalogue_currency sc ON sc.code = a.currency
  LEFT JOIN catalogue_company h ON h.id = s.parent_id
  LEFT JOIN catalogue_currency hc ON hc.code = h.currency
 WHERE s.id = ANY(%(companies)s) AND p.month = %(month)s
