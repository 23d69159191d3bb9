-- Lets the statements that follow in the transaction join in the order written, by hash: the planner cannot know
-- how many price segments fit a stretch, and its own choice is several times slower. Sorts stay in memory.
SELECT set_config('join_collapse_limit', '1', true), set_config('enable_nestloop', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('work_mem', '128MB', true)
