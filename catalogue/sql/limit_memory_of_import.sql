-- Let a sort or hash of this transaction take 8 MB: a file of ten times the lines then needs no more memory.
-- Grain: one row. Inputs: none. A second run sets the same again.
SELECT set_config('work_mem', '8MB', true)
