-- Wait until nobody else numbers changes of accounts, and keep them out until the transaction ends.
-- Grain: none. Inputs: none. Locks: the feed, by its table's name. A second run in the transaction does nothing.
SELECT pg_advisory_xact_lock('catalogue_accountchange'::regclass::bigint)
