-- Grain: one row an account of bill run %(bill_run)s with an invoice, issued or draft, of its month or the month before,
-- in the same currency: both nets and their difference, the largest in percent of the month before first (an account
-- without one before counts as the largest), up to %(at_most)s.
SELECT a.code AS account, coalesce(n.currency, p.currency) AS currency, coalesce(p.net_amount, 0) AS before_amount,
       coalesce(n.net_amount, 0) AS now_amount, coalesce(n.net_amount, 0) - coalesce(p.net_amount, 0) AS difference,
       CASE WHEN p.net_amount <> 0
            THEN half_up((coalesce(n.net_amount, 0) - p.net_amount) * 100 * sign(p.net_amount), abs(p.net_amount), 1)
       END AS percent
  FROM invoicing_billrun r
  JOIN invoicing_billrunaccount b ON b.bill_run_id = r.id
  JOIN catalogue_account a ON a.id = b.account_id
  LEFT JOIN invoicing_invoice n ON n.account_id = a.id AND n.month = r.month
  LEFT JOIN invoicing_invoice p ON p.account_id = a.id AND p.month = (r.month - interval '1 month')::date
        AND (n.currency IS NULL OR p.currency = n.currency)
 WHERE r.id = %(bill_run)s AND (n.id IS NOT NULL OR p.id IS NOT NULL)
   AND coalesce(n.net_amount, 0) <> coalesce(p.net_amount, 0)
 ORDER BY abs(CASE WHEN p.net_amount <> 0
                   THEN (coalesce(n.net_amount, 0) - p.net_amount) / p.net_amount END) DESC NULLS FIRST,
          abs(coalesce(n.net_amount, 0) - coalesce(p.net_amount, 0)) DESC, a.code
 LIMIT %(at_most)s
