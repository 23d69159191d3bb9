-- Grain: one row a rated month. Closes those of %(month)s; they stay stale if anything was received after the
-- cut-off, because then more is known than they were rated from.
UPDATE metering_accountperiod p
   SET cutoff = coalesce(p.cutoff, CASE WHEN p.month = %(month)s THEN %(cutoff)s END),
       stale = EXISTS (SELECT FROM metering_lifecycleevent WHERE received_at > %(cutoff)s)
            OR EXISTS (SELECT FROM metering_usageevent WHERE received_at > %(cutoff)s)
 WHERE p.id = ANY(%(periods)s)
