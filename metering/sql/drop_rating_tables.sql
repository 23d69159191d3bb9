-- Clears the working tables of an earlier rating in the same transaction.
DROP TABLE IF EXISTS rating_period, touched_resource, placed_lifecycle, timeline, rebuilt_interval, known_life,
    used_time, used_usage, price_segment, rated_quantity, target_charge, wanted_charge
