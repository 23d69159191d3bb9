-- Holds until the end of the transaction: one reconciliation of a company at a time, for its second rating is replaced.
SELECT pg_advisory_xact_lock(hashtext('reconciliation'), %(company_id)s::integer)
