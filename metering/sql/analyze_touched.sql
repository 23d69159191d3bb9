-- Tells the planner how many resources are touched: without it, it reads all events, or joins row by row.
ANALYZE touched_resource
