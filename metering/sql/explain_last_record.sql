-- Grain: one row: the latest of a charge's records, and how many different quantities all of them have. None, no row.
SELECT e.numerator, e.denominator, (SELECT count(DISTINCT quantity) FROM explained_record) AS different
  FROM explained_record e
 ORDER BY e.time DESC, e.received_at DESC, e.uid DESC
 LIMIT 1
