-- Clears the working tables of an earlier rating in the same transaction.
DROP TABLE IF EXISTS rating_period, touched_resource, placed_lifecycle, timeline, rebuilt_interval, known_life,
    used_time, used_usage, due_order, price_segment, rated_quantity, rated_order, target_charge, wanted_charge
