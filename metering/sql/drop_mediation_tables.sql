-- Clears the working tables of an earlier mediation in the same transaction.
DROP TABLE IF EXISTS touched_resource, placed_lifecycle, timeline, rebuilt_interval, touched_account, changed_usage,
    judged_usage, series_gap
