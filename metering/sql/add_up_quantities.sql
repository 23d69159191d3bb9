-- Grain: one row a charge of rule 5 on one side: its exact quantity as numerator / denominator, its service
-- period and the number of records. Price versions cut stretches and records; price_id null has no price.
CREATE TEMP TABLE rated_quantity ON COMMIT DROP AS
WITH side AS (
    SELECT 'sell' AS side, period_id, account_id, seller_id AS company_id, sell_currency AS currency, timezone,
           period_start, period_end FROM rating_period
    UNION ALL
    SELECT 'cost', period_id, account_id, buyer_id, cost_currency, timezone, period_start, period_end
      FROM rating_period WHERE cost_currency IS NOT NULL
), agreed AS (
    SELECT DISTINCT account_id, product_id FROM price_segment WHERE account_id <> 0
), timed AS (
    SELECT s.side, s.period_id, t.resource_id, t.product_id, t.item_quantity, g.price_id, g.scope, t.time_rounding,
           greatest(t.started_at, g.started_at) AS started_at, least(t.ended_at, g.ended_at) AS ended_at, s.timezone
      FROM used_time t
      JOIN side s USING (period_id)
      LEFT JOIN agreed a ON a.account_id = s.account_id AND a.product_id = t.product_id AND s.side = 'sell'
      JOIN price_segment g
        ON g.company_id = s.company_id AND g.currency = s.currency AND g.product_id = t.product_id
       AND g.account_id = coalesce(a.account_id, 0) AND g.started_at < t.ended_at AND g.ended_at > t.started_at
), lasting AS (
    SELECT *, (extract(epoch FROM ended_at - started_at) * 1000000)::bigint AS microseconds FROM timed
), touched_hour AS (
    SELECT *,
           started_at - ((started_at AT TIME ZONE timezone)
                         - date_trunc('hour', started_at AT TIME ZONE timezone)) AS first_hour,
           ended_at - interval '1 microsecond'
               - (((ended_at - interval '1 microsecond') AT TIME ZONE timezone)
                  - date_trunc('hour', (ended_at - interval '1 microsecond') AT TIME ZONE timezone)) AS last_hour
      FROM lasting WHERE time_rounding = 'clock_hour'
), rounded AS (
    SELECT side, period_id, resource_id, product_id, item_quantity, price_id, scope, started_at, ended_at,
           CASE time_rounding
                WHEN 'started_minute' THEN (microseconds + 59999999) / 60000000 * 60000000
                WHEN 'started_hour' THEN (microseconds + 3599999999) / 3600000000 * 3600000000
                ELSE microseconds END AS microseconds
      FROM lasting WHERE time_rounding <> 'clock_hour'
    UNION ALL
    -- An hour that two stretches of a charge touch counts once. An hour that the clock shortens is one, too.
    SELECT side, period_id, resource_id, product_id, item_quantity, price_id, scope, started_at, ended_at,
           (ceil(extract(epoch FROM last_hour - first_hour) / 3600) + 1
            - CASE WHEN first_hour = lag(last_hour) OVER (
                       PARTITION BY side, period_id, resource_id, product_id, item_quantity, price_id
                       ORDER BY started_at) THEN 1 ELSE 0 END)::bigint * 3600000000
      FROM touched_hour
), measured AS (
    SELECT s.side, s.period_id, CASE g.scope WHEN 'account' THEN NULL ELSE u.resource_id END AS resource_id,
           u.product_id, g.price_id, u.aggregation, u.uid, u.time, u.received_at,
           u.quantity, u.numerator,
           CASE WHEN u.until IS NULL OR (greatest(u.started_at, g.started_at), least(u.ended_at, g.ended_at))
                                        = (u.time, u.until) THEN 1
                ELSE extract(epoch FROM least(u.ended_at, g.ended_at) - greatest(u.started_at, g.started_at))
                     * 1000000 END AS covered,
           u.denominator
           * CASE WHEN u.until IS NULL OR (greatest(u.started_at, g.started_at), least(u.ended_at, g.ended_at))
                                          = (u.time, u.until) THEN 1
                  ELSE extract(epoch FROM u.until - u.time) * 1000000 END AS denominator,
           s.period_start, s.period_end
      FROM used_usage u
      JOIN side s USING (period_id)
      LEFT JOIN agreed a ON a.account_id = s.account_id AND a.product_id = u.product_id AND s.side = 'sell'
      JOIN price_segment g
        ON g.company_id = s.company_id AND g.currency = s.currency AND g.product_id = u.product_id
       AND g.account_id = coalesce(a.account_id, 0)
       AND CASE WHEN u.until IS NULL THEN g.started_at <= u.time AND u.time < g.ended_at
                ELSE g.started_at < u.ended_at AND g.ended_at > u.started_at END
), shared AS (
    -- Quantities of one charge on one denominator: the least that all of its records share.
    SELECT *, lcm_of(denominator::numeric) OVER (
               PARTITION BY side, period_id, resource_id, product_id, price_id, aggregation) AS common
      FROM measured
), used AS (
    SELECT side, period_id, resource_id, product_id, price_id, aggregation, common AS denominator, uid, time,
           received_at, quantity, period_start, period_end,
           quantity * numerator * covered * div(common, denominator) AS numerator
      FROM shared
)
SELECT side, period_id, CASE scope WHEN 'account' THEN NULL ELSE resource_id END AS resource_id, product_id,
       CASE scope WHEN 'account' THEN NULL ELSE item_quantity END AS item_quantity, price_id,
       min(started_at) AS service_start, max(ended_at) AS service_end,
       sum(item_quantity * microseconds) AS numerator, 3600000000::numeric AS denominator, 0::bigint AS records
  FROM rounded
 GROUP BY side, period_id, 3, product_id, 5, price_id
UNION ALL
-- Each way of adding up by itself: an aggregate that sorts would sort for all of them.
SELECT side, period_id, resource_id, product_id, NULL, price_id, min(period_start), max(period_end),
       CASE aggregation WHEN 'sum' THEN sum(numerator) ELSE max(numerator) END, denominator, count(*)
  FROM used WHERE aggregation IN ('sum', 'max')
 GROUP BY side, period_id, resource_id, product_id, price_id, aggregation, denominator
UNION ALL
SELECT side, period_id, resource_id, product_id, NULL, price_id, min(period_start), max(period_end),
       (array_agg(numerator ORDER BY time DESC, received_at DESC, uid DESC))[1], denominator, count(*)
  FROM used WHERE aggregation = 'last'
 GROUP BY side, period_id, resource_id, product_id, price_id, denominator
UNION ALL
SELECT side, period_id, resource_id, product_id, NULL, price_id, min(period_start), max(period_end),
       count(DISTINCT quantity), 1, count(*)
  FROM used WHERE aggregation = 'unique'
 GROUP BY side, period_id, resource_id, product_id, price_id
