-- Gives the planner back what join_in_order took.
SELECT set_config('join_collapse_limit', '8', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_mergejoin', 'on', true)
