-- Grain: one row a billing system that sent an export to the company, and an invoice number (or, where its mapping
-- matches by account, an account) of the days of issue [%(starts_on)s, %(ends_on)s): the gross of our invoices beside
-- that of its own.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH system AS (
    SELECT m.id, m.name, m.matches_by FROM reconciliation_exportmapping m
     WHERE m.company_id = %(company_id)s
       AND EXISTS (SELECT FROM reconciliation_otherinvoice o WHERE o.mapping_id = m.id)
), ours AS (
    SELECT s.id AS mapping_id, a.code AS account, CASE s.matches_by WHEN 'number' THEN i.number ELSE '' END AS number,
           sum(i.gross_amount) AS amount
      FROM system s
      JOIN invoicing_invoice i ON i.company_id = %(company_id)s AND i.state = 'issued'
       AND i.issued_on >= %(starts_on)s AND i.issued_on < %(ends_on)s
      JOIN catalogue_account a ON a.id = i.account_id
     GROUP BY 1, 2, 3
), theirs AS (
    SELECT s.id AS mapping_id, a.code AS account, CASE s.matches_by WHEN 'number' THEN o.number ELSE '' END AS number,
           sum(o.amount) AS amount
      FROM system s
      JOIN reconciliation_otherinvoice o ON o.mapping_id = s.id
       AND o.issued_on >= %(starts_on)s AND o.issued_on < %(ends_on)s
      JOIN catalogue_account a ON a.id = o.account_id
     GROUP BY 1, 2, 3
)
SELECT account, '' AS sku, '' AS resource, concat_ws(' ', s.name, account, nullif(number, '')) AS key,
       o.amount AS first, t.amount AS second, NULL::numeric AS beside, NULL::date AS day, '' AS note
  FROM ours o
  FULL JOIN theirs t USING (mapping_id, account, number)
  JOIN system s ON s.id = mapping_id
