-- Grain: one row a month that something new was learnt about, or in which something is due, up to %(limit)s of them,
-- of accounts of the shard %(shard)s of %(shards)s (null: of all). Locks it and its account, so that no bill run closes
-- the month in which a difference is just being written; what another worker or a bill run holds is left to it.
SELECT p.id
  FROM metering_accountperiod p JOIN catalogue_account a ON a.id = p.account_id
 WHERE (p.stale AND p.period_start < %(as_of)s OR p.cutoff IS NULL AND p.rate_again_at <= %(as_of)s)
   AND (%(shard)s::bigint IS NULL OR p.account_id %% %(shards)s = %(shard)s)
 ORDER BY p.account_id, p.month
 LIMIT %(limit)s
   FOR NO KEY UPDATE OF p, a SKIP LOCKED
