-- Tells the planner how few records are looked at: without it, it reads all.
ANALYZE changed_usage
