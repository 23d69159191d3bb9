-- Grain: one row a compared key on which the two systems do not agree: first minus second. Equal ones are not kept, nor
-- are amounts (where %(measure)s is amount) that differ by at most %(tolerance)s of the currency's smallest units.
INSERT INTO reconciliation_discrepancy (run_id, kind, account, sku, resource, key, first, second, difference, day,
       currency, quantity_difference, amount_difference, note)
SELECT %(run)s, CASE WHEN c.second IS NULL THEN 'missing' WHEN c.first IS NULL THEN 'extra' ELSE 'mismatch' END,
       c.account, c.sku, c.resource, c.key, c.first, c.second, coalesce(c.first, 0) - coalesce(c.second, 0), c.day,
       coalesce(a.currency, ''),
       CASE %(measure)s WHEN 'quantity' THEN coalesce(c.first, 0) - coalesce(c.second, 0) ELSE c.beside END,
       CASE %(measure)s WHEN 'amount' THEN coalesce(c.first, 0) - coalesce(c.second, 0) ELSE c.beside END, c.note
  FROM (SELECT * FROM compared WHERE first IS DISTINCT FROM second OR note <> '') c
  LEFT JOIN catalogue_account a ON a.code = c.account
  LEFT JOIN catalogue_currency u ON u.code = a.currency
 WHERE c.note <> ''
    OR NOT (%(tolerance)s > 0 AND %(measure)s = 'amount'
            AND abs(coalesce(c.first, 0) - coalesce(c.second, 0)) <= %(tolerance)s * 0.1 ^ u.minor_units)
 ORDER BY c.key
