-- Grain: one row a resource (null: none) and denominator of a charge's records: what they add up to, the highest
-- of them, and how many there are.
SELECT e.resource_id, r.name AS resource, e.denominator, sum(e.numerator) AS total, max(e.numerator) AS highest,
       count(*) AS records
  FROM explained_record e LEFT JOIN metering_resource r ON r.id = e.resource_id
 GROUP BY e.resource_id, r.name, e.denominator
 ORDER BY r.name NULLS FIRST, e.denominator
