-- Grain: one row, the first account of the collected margin_part whose currency nothing connects; none: all is well.
SELECT p.rate_missing, a.code AS account
  FROM margin_part p JOIN catalogue_account a ON a.id = p.account_id
 WHERE p.rate_missing IS NOT NULL ORDER BY a.code, p.rate_missing LIMIT 1
