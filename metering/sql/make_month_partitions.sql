-- Grain: one row: how many partitions were made for the tables and %(months)s months from %(first)s on.
-- Locks each table's default partition. A second run makes none.
SELECT count(*) FILTER (WHERE make_month_partition(name, month::date)) AS made
  FROM unnest(%(tables)s::text[]) AS name,
       generate_series(%(first)s::date, %(first)s::date + (%(months)s - 1) * interval '1 month', interval '1 month')
       AS month
