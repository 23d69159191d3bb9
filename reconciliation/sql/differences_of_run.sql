-- Grain: one row a discrepancy of %(run)s, with its account and product, and the newest event about it that came after
-- the month was closed (or rated, while it is open): of the resource, or of the account where there is none.
SELECT d.kind, d.key, d.sku, d.resource, d.first, d.second, d.difference, a.id AS account_id, a.currency,
       c.minor_units, p.unit, least(m.period_end - interval '1 microsecond', %(at)s) AS priced_at,
       late.received_at AS late_at
  FROM reconciliation_discrepancy d
  LEFT JOIN catalogue_account a ON a.code = d.account
  LEFT JOIN catalogue_currency c ON c.code = a.currency
  LEFT JOIN catalogue_product p ON p.sku = d.sku
  LEFT JOIN metering_accountperiod m ON m.account_id = a.id AND m.month = %(month)s
  LEFT JOIN LATERAL (
    SELECT max(received_at) AS received_at
      FROM (SELECT received_at FROM metering_lifecycleevent
             WHERE head_office_id = %(head_office)s AND resource = d.resource AND d.resource <> ''
               AND time < m.period_end
             UNION ALL
            SELECT received_at FROM metering_usageevent
             WHERE head_office_id = %(head_office)s AND resource = d.resource AND d.resource <> ''
               AND time < m.period_end AND coalesce(until, time) >= m.period_start AND sku IN (d.sku, '')
             UNION ALL
            SELECT received_at FROM metering_usageevent
             WHERE d.resource = '' AND resource = '' AND account = a.code
               AND time < m.period_end AND time >= m.period_start AND sku IN (d.sku, '')) event
     WHERE received_at > coalesce(m.cutoff, m.rated_as_of)) late ON true
 WHERE d.run_id = %(run)s
 ORDER BY d.key
