-- Grain: one row, how many accounts of company %(company)s have no address, and the codes of the first %(named)s.
SELECT count(*) AS count, (array_agg(code ORDER BY code))[:%(named)s] AS codes
  FROM catalogue_account WHERE company_id = %(company)s AND address = ''
