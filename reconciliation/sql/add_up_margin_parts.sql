-- Grain: one row a %(by)s (all, month, company, country, account, product, family or resource) and currency, by it, of
-- the collected margin_part in the months %(first_month)s to %(last_month)s.
-- %(basis)s: `billed` counts what stands on a month's invoice less its credit notes (rule 9); `closed` the same
-- without credit notes and corrections, as the month was first closed; `known` counts a correction in the month that
-- it corrects. %(currency)s: `reporting` or `local`. An account's amount at the rates of one invoice is converted at
-- once and rounded once, or (%(unrounded)s) left with 12 decimals. The other parameters narrow it; null is all.
WITH part AS (
    SELECT p.*, s.code AS company, s.name AS company_name, a.country, a.code AS account, a.name AS account_name,
           CASE %(basis)s WHEN 'known' THEN p.service_month ELSE p.month END AS counted_month,
           CASE %(currency)s WHEN 'local' THEN p.local_currency ELSE p.reporting_currency END AS currency,
           CASE %(currency)s WHEN 'local' THEN p.to_local ELSE p.to_reporting END AS numerator,
           CASE %(currency)s WHEN 'local' THEN p.of_local ELSE p.of_reporting END AS denominator
      FROM margin_part p
      JOIN catalogue_account a ON a.id = p.account_id
      JOIN catalogue_company s ON s.id = a.company_id
     WHERE CASE %(basis)s WHEN 'billed' THEN p.is_billed WHEN 'closed' THEN p.is_billed AND p.is_original ELSE true END
       AND (%(with_cost)s OR p.side = 'sell')
), keyed AS (
    SELECT p.account_id, p.rated_month, p.counted_month, p.side, p.currency, p.numerator, p.denominator, p.net_amount,
           CASE %(by)s WHEN 'month' THEN to_char(p.counted_month, 'YYYY-MM')
                       WHEN 'company' THEN p.company WHEN 'country' THEN p.country WHEN 'account' THEN p.account
                       WHEN 'product' THEN p.sku WHEN 'family' THEN coalesce(d.family, '')
                       WHEN 'resource' THEN p.resource ELSE '' END AS key,
           CASE %(by)s WHEN 'company' THEN p.company_name WHEN 'account' THEN p.account_name
                       WHEN 'product' THEN coalesce(d.name, '') WHEN 'resource' THEN p.account
                       ELSE '' END AS detail
      FROM part p
      LEFT JOIN catalogue_product d ON d.sku = p.sku
     WHERE p.counted_month BETWEEN %(first_month)s AND %(last_month)s
       AND (%(company)s::text IS NULL OR p.company = %(company)s)
       AND (%(country)s::text IS NULL OR p.country = %(country)s)
       AND (%(account)s::text IS NULL OR p.account = %(account)s)
       AND (%(product)s::text IS NULL OR p.sku = %(product)s)
       AND (%(family)s::text IS NULL OR d.family = %(family)s)
), converted AS (
    SELECT k.key, k.detail, k.currency, k.side,
           half_up(sum(k.net_amount) * k.numerator, k.denominator,
                   CASE WHEN %(unrounded)s THEN 12 ELSE c.minor_units::integer END) AS amount
      FROM keyed k
      JOIN catalogue_currency c ON c.code = k.currency
     GROUP BY k.key, k.detail, k.currency, k.side, k.account_id, k.rated_month, k.counted_month, k.numerator,
              k.denominator, c.minor_units
)
SELECT key, detail, currency, coalesce(sum(amount) FILTER (WHERE side = 'sell'), 0) AS revenue,
       coalesce(sum(amount) FILTER (WHERE side = 'cost'), 0) AS cost
  FROM converted GROUP BY key, detail, currency ORDER BY key, detail, currency
 LIMIT %(at_most)s
