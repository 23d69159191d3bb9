-- Grain: one row a shard of accounts, of %(shards)s, of which something new was learnt, or is due by %(as_of)s.
SELECT DISTINCT account_id %% %(shards)s AS shard FROM metering_accountperiod
 WHERE stale AND period_start < %(as_of)s OR cutoff IS NULL AND rate_again_at <= %(as_of)s
 ORDER BY shard
