-- Grain: one row an account of %(companies)s, month that billed, month of service, side, SKU and (%(with_resources)s)
-- resource: what invoices of %(first_month)s or later billed net of it, less what credit notes gave back, and what it
-- cost. `is_original`: as the month was first closed, before credit notes and corrections. Not `is_billed`: a
-- correction that waits in an open month. Beside it what one of its currency is worth in the head office's and in the
-- sales office's own, at the rates of the invoice of `rated_month`; where there is none, at those of the month's end.
-- `rate_missing` names a pair that nothing connects.
CREATE TEMP TABLE margin_part ON COMMIT DROP AS
WITH side AS (
    SELECT a.id AS account_id, a.currency, s.currency AS local_currency,
           coalesce(h.currency, s.currency) AS reporting_currency
      FROM catalogue_account a
      JOIN catalogue_company s ON s.id = a.company_id
      LEFT JOIN catalogue_company h ON h.id = s.parent_id
     WHERE s.id = ANY(%(companies)s)
), invoice AS (
    SELECT i.id, i.account_id, i.month, i.currency, i.issued_on, i.exchange_rates
      FROM invoicing_invoice i JOIN side USING (account_id)
     WHERE i.state = 'issued' AND i.month >= %(first_month)s
), entry AS (
    SELECT i.account_id, i.month, coalesce(c.service_month, i.month) AS service_month, i.month AS rated_month,
           'sell' AS side, l.kind <> 'correction' AS is_original, true AS is_billed, l.sku,
           CASE WHEN %(with_resources)s THEN l.resource ELSE '' END AS resource, l.net_amount
      FROM invoice i
      JOIN invoicing_invoiceline l ON l.invoice_id = i.id
      LEFT JOIN metering_charge c ON l.kind = 'correction' AND c.id = l.charge_id AND c.month = i.month
    UNION ALL
    SELECT i.account_id, i.month, i.month, i.month, 'sell', false, true, l.sku,
           CASE WHEN %(with_resources)s THEN l.resource ELSE '' END, -l.net_amount
      FROM invoice i
      JOIN invoicing_creditnote n ON n.invoice_id = i.id
      JOIN invoicing_creditnoteline l ON l.credit_note_id = n.id
    UNION ALL
    SELECT c.account_id, c.month, c.service_month, CASE WHEN b.is_billed THEN c.month ELSE c.service_month END,
           c.side, c.month = c.service_month, b.is_billed, d.sku,
           CASE WHEN %(with_resources)s THEN coalesce(r.name, o.code, '') ELSE '' END, c.net_amount
      FROM metering_charge c
      JOIN side USING (account_id)
      LEFT JOIN metering_accountperiod p ON p.account_id = c.account_id AND p.month = c.month
      LEFT JOIN invoice i ON i.account_id = c.account_id AND i.month = c.month
     CROSS JOIN LATERAL (SELECT coalesce(p.is_sealed, false) OR i.id IS NOT NULL AS is_billed) b
      JOIN catalogue_product d ON d.id = c.product_id
      LEFT JOIN metering_resource r ON %(with_resources)s AND r.id = c.resource_id
      LEFT JOIN metering_order o ON %(with_resources)s AND o.id = c.order_id
     WHERE c.month >= %(first_month)s
       AND CASE WHEN c.side = 'cost' THEN b.is_billed OR c.month <> c.service_month
                ELSE NOT b.is_billed AND c.month <> c.service_month AND c.settlement = 0 END
), summed AS (
    SELECT account_id, month, service_month, rated_month, side, is_original, is_billed, sku, resource,
           sum(net_amount) AS net_amount
      FROM entry GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), worth AS (
    SELECT m.account_id, m.rated_month, s.reporting_currency, s.local_currency,
           coalesce(i.currency, s.currency) AS currency,
           coalesce(i.issued_on, (m.rated_month + interval '1 month - 1 day')::date) AS day,
           coalesce(i.exchange_rates, '{}') AS pinned
      FROM (SELECT DISTINCT account_id, rated_month FROM summed) m
      JOIN side s USING (account_id)
      LEFT JOIN invoice i ON i.account_id = m.account_id AND i.month = m.rated_month
), rate AS (
    SELECT p.*, reporting.numerator AS to_reporting, reporting.denominator AS of_reporting,
           local.numerator AS to_local, local.denominator AS of_local
      FROM (SELECT DISTINCT currency, reporting_currency, local_currency, day, pinned FROM worth) p
     CROSS JOIN LATERAL pinned_rate(p.currency, p.reporting_currency, p.day, p.pinned) reporting
     CROSS JOIN LATERAL pinned_rate(p.currency, p.local_currency, p.day, p.pinned) local
)
SELECT s.account_id, s.month, s.service_month, s.rated_month, s.side, s.is_original, s.is_billed, s.sku, s.resource,
       s.net_amount, r.reporting_currency, r.local_currency,
       CASE s.side WHEN 'sell' THEN r.to_reporting ELSE 1 END AS to_reporting,
       CASE s.side WHEN 'sell' THEN r.of_reporting ELSE 1 END AS of_reporting,
       CASE s.side WHEN 'sell' THEN r.to_local ELSE r.to_local * r.of_reporting END AS to_local,
       CASE s.side WHEN 'sell' THEN r.of_local ELSE r.of_local * r.to_reporting END AS of_local,
       CASE WHEN r.to_reporting IS NULL THEN r.currency || ' to ' || r.reporting_currency || ' on ' || r.day
            WHEN r.to_local IS NULL THEN r.currency || ' to ' || r.local_currency || ' on ' || r.day
       END AS rate_missing
  FROM summed s
  JOIN worth w USING (account_id, rated_month)
  JOIN rate r USING (currency, reporting_currency, local_currency, day, pinned)
