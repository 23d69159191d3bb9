-- Tells the planner that few periods are rated: without it, it reads all resources for one account.
ANALYZE rating_period
