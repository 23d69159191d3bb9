-- Grain: one row: whether the table had a partition for the month, which is a table of its own now.
SELECT detach_month_partition(%(table)s, %(month)s) AS detached
