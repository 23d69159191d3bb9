-- Grain: one row a series of numbers, by company, kind and year: the last number given, how many documents carry one, and
-- the first %(at_most)s numbers up to the last that none carries, and those that one carries beyond the last. Of the
-- series of %(series)s. Reads every document of these years.
WITH document AS (
    SELECT company_id, 'invoice' AS kind, extract(year FROM issued_on)::integer AS year,
           substring(number FROM '[0-9]+$')::bigint AS number
      FROM invoicing_invoice WHERE state = 'issued'
    UNION ALL
    SELECT company_id, 'credit_note', extract(year FROM issued_on)::integer,
           substring(number FROM '[0-9]+$')::bigint
      FROM invoicing_creditnote
    UNION ALL
    SELECT head_office_id, 'intercompany', extract(year FROM issued_on)::integer,
           substring(number FROM '[0-9]+$')::bigint
      FROM invoicing_intercompanydocument
)
SELECT s.id AS series_id, c.documents,
       ARRAY(SELECT n FROM generate_series(1, s.last_number::bigint) n
              WHERE c.distinct_inside < s.last_number
                AND NOT EXISTS (SELECT FROM document d
                                 WHERE (d.company_id, d.kind, d.year, d.number) = (s.company_id, s.kind, s.year, n))
              ORDER BY n LIMIT %(at_most)s) AS missing,
       ARRAY(SELECT d.number FROM document d
              WHERE c.documents > c.distinct_inside AND (d.company_id, d.kind, d.year) = (s.company_id, s.kind, s.year)
              GROUP BY d.number HAVING count(*) > 1 OR d.number > s.last_number OR d.number < 1
              ORDER BY d.number LIMIT %(at_most)s) AS surplus
  FROM invoicing_numberseries s
 CROSS JOIN LATERAL (
       SELECT count(*) AS documents,
              count(DISTINCT d.number) FILTER (WHERE d.number BETWEEN 1 AND s.last_number) AS distinct_inside
         FROM document d WHERE (d.company_id, d.kind, d.year) = (s.company_id, s.kind, s.year)) c
 WHERE s.id = ANY(%(series)s)
 ORDER BY s.id
