-- Grain: one row an account and product: the sum of the rounded cost charges of the bill run's month, of the accounts
-- that the run has billed or found nothing to bill for, and whose cost no inter-company document holds yet.
CREATE TEMP TABLE cost_to_bill ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY a.code, d.sku) AS position, a.id AS account_id, a.code AS account,
       d.id AS product_id, d.sku, coalesce(nullif(d.name, ''), d.sku) AS description, d.unit, t.currency, t.quantity,
       t.net_amount
  FROM (SELECT c.account_id, c.product_id, c.currency, sum(c.quantity) FILTER (WHERE c.kind = 'charge') AS quantity,
               sum(c.net_amount) AS net_amount
          FROM invoicing_billrun r
          JOIN invoicing_billrunaccount b ON b.bill_run_id = r.id AND b.state IN ('issued', 'nothing_to_bill')
          JOIN metering_charge c ON c.account_id = b.account_id AND c.month = r.month AND c.side = 'cost'
         WHERE r.id = %(bill_run)s
           AND NOT EXISTS (SELECT FROM invoicing_intercompanyline l
                            WHERE l.account_id = b.account_id AND l.month = r.month)
         GROUP BY c.account_id, c.product_id, c.currency) t
  JOIN catalogue_account a ON a.id = t.account_id
  JOIN catalogue_product d ON d.id = t.product_id
