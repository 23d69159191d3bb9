-- Grain: one row an account and month in which a cycle of the orders, with the ends that are given (null: it runs), is
-- due by %(now)s, or is closed, where the cycle ends after the day of change: opened where there is none, and marked
-- for rating. Of an order whose end moves both ends are given. Waits for a rater that holds the row, so that a change
-- that it did not see is never taken as rated, and locks in the order in which mediation does. A second run changes
-- nothing.
INSERT INTO metering_accountperiod (account_id, month, period_start, period_end, stale)
SELECT due.account_id, due.month, local_midnight(due.month, due.timezone),
       local_midnight((due.month + interval '1 month')::date, due.timezone), true
  FROM (
    SELECT DISTINCT o.account_id, a.timezone, m.month::date AS month
      FROM unnest(%(orders)s::bigint[], %(changed_from)s::date[], %(ended_on)s::date[])
           AS changed(order_id, changed_from, ended_on)
      JOIN metering_order o ON o.id = changed.order_id
      JOIN catalogue_account a ON a.id = o.account_id
      JOIN catalogue_product d ON d.id = o.product_id
     CROSS JOIN LATERAL (
        SELECT max(month) AS month FROM metering_accountperiod
         WHERE account_id = o.account_id AND cutoff IS NOT NULL) last_closed
     CROSS JOIN LATERAL generate_series(
        date_trunc('month', (greatest(o.started_on, o.charged_from) - 1)::timestamp),
        greatest(%(now)s AT TIME ZONE a.timezone, last_closed.month::timestamp), interval '1 month') AS m(month)
     CROSS JOIN LATERAL order_cycles_due(
        m.month::date, o.started_on, o.charged_from, changed.ended_on, d.cycle, d.in_advance) c
     WHERE c.cycle_end > changed.changed_from
       AND (local_midnight(c.due_on, a.timezone) <= %(now)s OR m.month <= last_closed.month)
  ) due
 ORDER BY due.account_id, due.month
    ON CONFLICT (account_id, month) DO UPDATE SET stale = true
