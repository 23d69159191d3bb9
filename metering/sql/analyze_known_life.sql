-- Tells the planner how large the working tables are: without it, it joins them row by row.
ANALYZE known_life
