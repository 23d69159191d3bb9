-- Grain: one row a pair of %(bases)s and %(quotes)s that is listed: its last rate on or before %(on)s. Reads only;
-- each pair is one look at its key, however long its history.
SELECT r.*
  FROM unnest(%(bases)s::text[], %(quotes)s::text[]) AS p(base, quote)
 CROSS JOIN LATERAL (
    SELECT x.* FROM catalogue_exchangerate x
     WHERE x.base = p.base AND x.quote = p.quote AND x.rated_on <= %(on)s
     ORDER BY x.rated_on DESC LIMIT 1
 ) r
