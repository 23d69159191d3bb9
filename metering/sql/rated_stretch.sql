-- Grain: one row: the bounds of all periods to rate, `last` without its instant.
SELECT min(period_start) AS first, max(count_until) AS last FROM rating_period
