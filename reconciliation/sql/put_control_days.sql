-- Grain: one row a day of %(days)s of the sources %(sources)s with what now stands for it, where that is other than
-- it was. The company's row is locked; a second run stores none.
INSERT INTO reconciliation_controlday AS c (company_id, source, day, kind, line_count, quantity, received_at)
SELECT %(company_id)s, told.source, told.day, %(kind)s, coalesce(s.line_count, 0), coalesce(s.quantity, 0),
       %(received_at)s
  FROM unnest(%(sources)s::text[], %(days)s::date[]) AS told(source, day)
  LEFT JOIN (
    SELECT source, day, count(*) AS line_count, sum(quantity) AS quantity
      FROM reconciliation_controlline
     WHERE company_id = %(company_id)s AND %(kind)s = 'lines' AND day = ANY(%(days)s) GROUP BY 1, 2
     UNION ALL
    SELECT source, day, count(*), sum(quantity)
      FROM reconciliation_controltotal
     WHERE company_id = %(company_id)s AND %(kind)s = 'totals' AND day = ANY(%(days)s) GROUP BY 1, 2
  ) s ON (s.source, s.day) = (told.source, told.day)
    ON CONFLICT (company_id, source, day, kind) DO UPDATE
   SET line_count = excluded.line_count, quantity = excluded.quantity, received_at = excluded.received_at
 WHERE (c.line_count, c.quantity) <> (excluded.line_count, excluded.quantity)
