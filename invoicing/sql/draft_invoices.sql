-- Grain: one row an account of %(accounts)s that has sell charges in the month that are not settled. Snapshots seller,
-- buyer (with the tax treatment of the day of issue) and exchange rates (%(exchange_rates)s, by currency) as they
-- stand now. Amounts are filled by total_invoices.
-- A draft that is there keeps its id; what is issued stays as it is.
INSERT INTO invoicing_invoice (id, company_id, account_id, month, period_start, period_end, state, currency,
       net_amount, tax_amount, gross_amount, seller, buyer, exchange_rates)
SELECT gen_random_uuid(), s.id, a.id, p.month, p.period_start, p.period_end, 'draft', a.currency, 0, 0, 0,
       jsonb_build_object('code', s.code, 'name', s.name, 'address', s.address, 'country', s.country,
                          'tax_number', s.tax_number, 'legal_footer', s.legal_footer, 'logo', s.logo, 'timezone', s.timezone),
       jsonb_build_object('code', a.code, 'name', a.name, 'address', a.address, 'country', a.country,
                          'tax_number', a.tax_number, 'locale', a.locale, 'timezone', a.timezone,
                          'email', a.email, 'delivery_address', a.delivery_address, 'usage_annex', a.usage_annex)
           || CASE WHEN t.category IS NULL THEN '{}' ELSE jsonb_build_object('tax_treatment', jsonb_build_object(
                  'category', t.category, 'reason', t.reason, 'certificate', t.certificate)) END,
       coalesce(%(exchange_rates)s::jsonb -> a.currency, '{}')
  FROM metering_accountperiod p
  JOIN catalogue_account a ON a.id = p.account_id
  JOIN catalogue_company s ON s.id = a.company_id
  LEFT JOIN LATERAL (
    SELECT category, reason, certificate FROM catalogue_taxtreatment x
     WHERE x.account_id = a.id AND x.valid_from <= %(issued_on)s
       AND (x.valid_to IS NULL OR x.valid_to > %(issued_on)s)
     ORDER BY x.valid_from DESC LIMIT 1
  ) t ON true
 WHERE p.account_id = ANY(%(accounts)s) AND p.month = %(month)s
   AND EXISTS (SELECT FROM metering_charge c
                WHERE c.account_id = p.account_id AND c.month = p.month AND c.side = 'sell'
                  AND c.settlement = 0)
    ON CONFLICT (account_id, month) DO UPDATE
       SET period_start = excluded.period_start, period_end = excluded.period_end, currency = excluded.currency,
           seller = excluded.seller, buyer = excluded.buyer, exchange_rates = excluded.exchange_rates
     WHERE invoicing_invoice.state = 'draft'
