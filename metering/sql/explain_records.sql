-- Grain: one row a usage record of a charge: what it counts, as numerator / denominator in the product's unit. A
-- record with `until` counts by the share of its time that lies in the stretches [starts, ends) of the price version.
-- Reads the working table used_usage: records that are void, overlap or were not known are not in it.
CREATE TEMP TABLE explained_record ON COMMIT DROP AS
WITH piece AS (
    SELECT u.uid, u.time, u.until, u.received_at, u.resource_id, u.quantity, u.numerator, u.denominator,
           CASE WHEN u.until IS NULL THEN 1
                ELSE extract(epoch FROM least(u.ended_at, s.ended_at) - greatest(u.started_at, s.started_at))
                     * 1000000 END AS covered
      FROM used_usage u
      JOIN unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS s(started_at, ended_at)
        ON CASE WHEN u.until IS NULL THEN s.started_at <= u.time AND u.time < s.ended_at
                ELSE s.started_at < u.ended_at AND s.ended_at > u.started_at END
     WHERE u.product_id = %(product_id)s
       AND (%(is_pooled)s OR u.resource_id IS NOT DISTINCT FROM %(resource_id)s::bigint)
)
SELECT uid, time, until, received_at, resource_id, quantity, quantity * numerator * sum(covered) AS numerator,
       denominator * CASE WHEN until IS NULL THEN 1 ELSE extract(epoch FROM until - time) * 1000000 END AS denominator
  FROM piece
 GROUP BY uid, time, until, received_at, resource_id, quantity, numerator, denominator
