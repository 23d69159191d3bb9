-- Grain: one row an account and month to rate, with both books' companies and currencies. Time counts until
-- %(as_of)s. What is learnt about a closed month is billed in %(bill_month)s, or (null) in the month after the
-- account's last closed one.
CREATE TEMP TABLE rating_period ON COMMIT DROP AS
SELECT p.id AS period_id, p.account_id, p.month, p.period_start, p.period_end, p.cutoff IS NOT NULL AS is_closed,
       least(p.period_end, %(as_of)s) AS count_until,
       CASE WHEN p.cutoff IS NULL THEN p.month
            ELSE coalesce(%(bill_month)s::date, ((
                SELECT max(c.month) FROM metering_accountperiod c
                 WHERE c.account_id = p.account_id AND c.cutoff IS NOT NULL) + interval '1 month')::date)
       END AS bill_month,
       a.code AS account, a.timezone, s.id AS seller_id, a.currency AS sell_currency,
       sc.minor_units::integer AS sell_places, h.id AS buyer_id, h.currency AS cost_currency,
       hc.minor_units::integer AS cost_places
  FROM metering_accountperiod p
  JOIN catalogue_account a ON a.id = p.account_id
  JOIN catalogue_company s ON s.id = a.company_id
  JOIN catalogue_currency sc ON sc.code = a.currency
  LEFT JOIN catalogue_company h ON h.id = s.parent_id
  LEFT JOIN catalogue_currency hc ON hc.code = h.currency
 WHERE p.id = ANY(%(periods)s)
