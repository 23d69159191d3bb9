-- Grain: one row an account, SKU and resource of the company: the quantity that was received for %(month)s beside
-- the one that was rated for it. First: accepted usage that is neither void nor excepted, and the billed time of
-- lives. Second: the sell charges with the corrections of the month. Reads events and intervals by itself, none of
-- the rater's working tables. Products that round time or pick records are compared by presence.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH month AS (
    -- An open month as far as it is rated: what came since is not looked at before it is rated.
    SELECT p.account_id, a.code AS account, p.period_start, p.period_end,
           CASE WHEN p.cutoff IS NULL THEN least(p.period_end, p.rated_as_of) ELSE p.period_end END AS count_until
      FROM metering_accountperiod p JOIN catalogue_account a ON a.id = p.account_id
     WHERE a.company_id = %(company_id)s AND p.month = %(month)s
       AND (p.cutoff IS NOT NULL OR NOT p.stale AND p.rated_as_of > p.period_start)
), excepted AS (
    SELECT DISTINCT head_office_id, source, event_id FROM metering_eventexception
     WHERE closed_at IS NULL AND kind NOT IN ('conflict', 'redundant_transition', 'gap', 'no_price')
), of_account AS (
    SELECT m.account_id, r.id AS resource_id, m.period_start, m.count_until, u.head_office_id, u.company_id, u.source,
           u.event_id, u.sku, u.quantity, u.unit, u.time, u.until
      FROM month m
      JOIN metering_resourceinterval i ON i.account_id = m.account_id
      JOIN metering_resource r ON r.id = i.resource_id
      JOIN metering_usageevent u ON u.head_office_id = r.head_office_id AND u.resource = r.name AND u.voids = ''
       AND u.time >= greatest(i.started_at, m.period_start) AND u.time < least(i.ended_at, m.count_until)
     UNION ALL
    -- What began before the month and reaches into it.
    SELECT m.account_id, r.id, m.period_start, m.count_until, u.head_office_id, u.company_id, u.source,
           u.event_id, u.sku, u.quantity, u.unit, u.time, u.until
      FROM month m
      JOIN metering_resourceinterval i ON i.account_id = m.account_id AND i.started_at < m.period_start
      JOIN metering_resource r ON r.id = i.resource_id
      JOIN metering_usageevent u ON u.head_office_id = r.head_office_id AND u.resource = r.name
       AND u.until > m.period_start AND u.time >= i.started_at AND u.time < least(i.ended_at, m.period_start)
     UNION ALL
    SELECT m.account_id, NULL, m.period_start, m.count_until, u.head_office_id, u.company_id, u.source,
           u.event_id, u.sku, u.quantity, u.unit, u.time, u.until
      FROM month m
      JOIN metering_usageevent u ON u.account = m.account AND u.resource = '' AND u.voids = ''
       AND u.time < m.count_until
       AND CASE WHEN u.until IS NULL THEN u.time >= m.period_start ELSE u.until > m.period_start END
), record AS (
    SELECT u.account_id, u.resource_id, u.sku, u.unit,
           CASE WHEN u.until IS NULL THEN u.quantity
                ELSE u.quantity * extract(epoch FROM least(u.until, u.count_until) - greatest(u.time, u.period_start))
                     / extract(epoch FROM u.until - u.time) END AS quantity
      FROM of_account u
     WHERE NOT EXISTS (SELECT FROM excepted x WHERE (x.head_office_id, x.source, x.event_id)
                                                    = (u.head_office_id, u.source, u.event_id))
       AND NOT EXISTS (SELECT FROM metering_usageevent v WHERE (v.head_office_id, v.source, v.voids)
                                                               = (u.head_office_id, u.source, u.event_id)
                          AND v.voids <> '' AND v.company_id IN (u.company_id, u.head_office_id))
), received AS (
    SELECT r.account_id, r.resource_id, p.id AS product_id,
           sum(r.quantity * coalesce(f.numerator, 1) / coalesce(f.denominator, 1)) AS quantity,
           -- The last record, of the resource or of all, may be one of 0, and then nothing is charged.
           bool_or(p.aggregation = 'last' AND r.quantity = 0) AS may_be_nothing
      FROM record r
      JOIN catalogue_product p ON p.sku = r.sku
      LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = r.unit
     GROUP BY r.account_id, r.resource_id, p.id
    UNION ALL
    SELECT m.account_id, i.resource_id, item.product_id,
           sum(item.quantity * extract(epoch FROM least(i.ended_at, m.count_until)
                                                  - greatest(i.started_at, m.period_start))) / 3600,
           false
      FROM month m
      JOIN metering_resourceinterval i ON i.account_id = m.account_id AND i.started_at < m.count_until
       AND coalesce(i.ended_at, 'infinity') > m.period_start
     CROSS JOIN LATERAL unnest(i.product_ids, i.quantities) AS item(product_id, quantity)
      JOIN catalogue_product p ON p.id = item.product_id AND p.kind = 'time' AND i.state = ANY(p.billed_states)
     GROUP BY m.account_id, i.resource_id, item.product_id
), charged AS (
    SELECT c.account_id, c.resource_id, c.product_id, c.quantity
      FROM metering_charge c JOIN month USING (account_id)
     WHERE c.service_month = %(month)s AND c.side = 'sell' AND c.kind = 'charge' AND c.cycle_start IS NULL
), pooled AS (
    -- A price of scope account pools what several resources sent; another version of it may not.
    SELECT DISTINCT account_id, product_id FROM charged WHERE resource_id IS NULL
), rated AS (
    SELECT c.account_id, CASE WHEN p.product_id IS NULL THEN c.resource_id END AS resource_id, c.product_id,
           sum(c.quantity) AS quantity
      FROM charged c LEFT JOIN pooled p USING (account_id, product_id)
     GROUP BY 1, 2, 3
), first AS (
    SELECT r.account_id, CASE WHEN p.product_id IS NULL THEN r.resource_id END AS resource_id, r.product_id,
           sum(r.quantity) AS quantity,
           bool_or(bool_or(r.may_be_nothing)) OVER (PARTITION BY r.account_id, r.product_id) AS may_be_nothing
      FROM received r LEFT JOIN pooled p USING (account_id, product_id)
     GROUP BY 1, 2, 3
)
SELECT a.code AS account, p.sku, coalesce(r.name, '') AS resource, concat_ws(' ', a.code, p.sku, r.name) AS key,
       -- Each charge's quantity is rounded at the twelfth decimal: of many of them the ninth may be another.
       CASE WHEN abs(f.quantity - s.quantity) < 1e-8 THEN round(s.quantity, 9)
            WHEN s.quantity IS NULL OR p.time_rounding = 'exact' AND p.aggregation = 'sum' THEN round(f.quantity, 9)
            WHEN f.quantity IS NOT NULL THEN round(s.quantity, 9) END AS first,
       round(s.quantity, 9) AS second, NULL::numeric AS beside, NULL::date AS day, '' AS note
  FROM first f
  FULL JOIN rated s ON (f.account_id, f.product_id, coalesce(f.resource_id, 0))
                       = (s.account_id, s.product_id, coalesce(s.resource_id, 0))
  JOIN catalogue_account a ON a.id = coalesce(f.account_id, s.account_id)
  JOIN catalogue_product p ON p.id = coalesce(f.product_id, s.product_id)
  LEFT JOIN metering_resource r ON r.id = coalesce(f.resource_id, s.resource_id)
 WHERE round(s.quantity, 9) <> 0 OR round(f.quantity, 9) <> 0 AND NOT f.may_be_nothing
