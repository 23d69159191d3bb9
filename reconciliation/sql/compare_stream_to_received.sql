-- Grain: one row an event, by its id, of the days [%(starts_on)s, %(ends_on)s) of UTC that the company's sources told
-- line by line: the quantity that was sent beside the one that was received, both in the product's unit (as sent, where
-- nothing was received). And one row a source, account, SKU and day
-- that they told in totals, beside what was received and not withdrawn: usage by the day of its time, and billed hours
-- of lives whose `created` came from the source. First: the order stream. An event is received whenever it says that it
-- happened; of what nobody told, the days that were told are extra.
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH office AS (
    SELECT id, coalesce(parent_id, id) AS head_office_id FROM catalogue_company WHERE id = %(company_id)s
), told AS (
    SELECT d.source, d.day, d.kind, d.day::timestamp AT TIME ZONE 'UTC' AS day_start,
           least((d.day + 1)::timestamp AT TIME ZONE 'UTC', %(at)s) AS day_end
      FROM reconciliation_controlday d
     WHERE d.company_id = %(company_id)s AND d.day >= %(starts_on)s AND d.day < %(ends_on)s
), usage AS (
    SELECT t.kind, t.day, u.head_office_id, u.source, u.event_id, u.account, u.resource, u.sku, u.quantity, u.unit,
           u.voids, u.time
      FROM office o
      JOIN metering_usageevent u ON u.head_office_id = o.head_office_id AND u.company_id = o.id
       AND u.time >= %(starts_on)s::timestamp AT TIME ZONE 'UTC' AND u.time < %(ends_on)s::timestamp AT TIME ZONE 'UTC'
      JOIN told t ON (t.source, t.day) = (u.source, (u.time AT TIME ZONE 'UTC')::date)
), event AS (
    SELECT u.source, u.event_id, u.account, u.sku, u.resource, u.day,
           coalesce(u.quantity, 0) * coalesce(f.numerator, 1) / coalesce(f.denominator, 1) AS quantity
      FROM usage u
      LEFT JOIN catalogue_product p ON p.sku = u.sku
      LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = u.unit
     WHERE u.kind = 'lines'
     UNION ALL
    SELECT e.source, e.event_id, e.account, '', e.resource, t.day, 0
      FROM office o
      JOIN metering_lifecycleevent e ON e.head_office_id = o.head_office_id AND e.company_id = o.id
       AND e.time >= %(starts_on)s::timestamp AT TIME ZONE 'UTC' AND e.time < %(ends_on)s::timestamp AT TIME ZONE 'UTC'
      JOIN told t ON (t.source, t.day) = (e.source, (e.time AT TIME ZONE 'UTC')::date) AND t.kind = 'lines'
), line AS (
    SELECT l.source, l.event_id, coalesce(u.account, e.account, '') AS account, coalesce(u.sku, '') AS sku,
           l.resource, l.day, l.quantity * coalesce(f.numerator, 1) / coalesce(f.denominator, 1) AS first,
           CASE WHEN i.uid IS NOT NULL
                THEN coalesce(u.quantity, 0) * coalesce(f.numerator, 1) / coalesce(f.denominator, 1) END AS second,
           CASE WHEN i.uid IS NULL THEN ''
                ELSE concat_ws('; ',
                    CASE WHEN coalesce(u.resource, e.resource) <> l.resource
                         THEN 'received for the resource "' || coalesce(u.resource, e.resource) || '"' END,
                    CASE WHEN i.time < l.hour OR i.time >= l.hour + interval '1 hour'
                         THEN 'received for ' || to_char(i.time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' END)
           END AS note
      FROM office o
      JOIN told t ON t.kind = 'lines'
      JOIN reconciliation_controlline l ON l.company_id = o.id AND (l.source, l.day) = (t.source, t.day)
      LEFT JOIN metering_eventidentity i
             ON (i.head_office_id, i.source, i.event_id) = (o.head_office_id, l.source, l.event_id)
      LEFT JOIN metering_usageevent u ON (u.uid, u.time) = (i.uid, i.time)
      LEFT JOIN catalogue_product p ON p.sku = u.sku
      LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = u.unit
      LEFT JOIN metering_lifecycleevent e ON (e.uid, e.time) = (i.uid, i.time)
     UNION ALL
    SELECT e.source, e.event_id, e.account, e.sku, e.resource, e.day, NULL, e.quantity, ''
      FROM event e
     WHERE NOT EXISTS (SELECT FROM reconciliation_controlline l
                        WHERE (l.company_id, l.source, l.event_id) = (%(company_id)s, e.source, e.event_id))
), record AS (
    SELECT u.source, u.day, coalesce(i.account_id, a.id) AS account_id, p.id AS product_id,
           sum(u.quantity * coalesce(f.numerator, 1) / coalesce(f.denominator, 1)) AS quantity
      FROM usage u
      JOIN catalogue_product p ON p.sku = u.sku
      LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id AND f.unit = u.unit
      LEFT JOIN metering_resource r ON u.resource <> '' AND (r.head_office_id, r.name) = (u.head_office_id, u.resource)
      LEFT JOIN metering_resourceinterval i ON i.resource_id = r.id AND i.started_at <= u.time
            AND coalesce(i.ended_at, 'infinity') > u.time
      LEFT JOIN catalogue_account a ON u.resource = '' AND a.code = u.account
     WHERE u.kind = 'totals' AND u.voids = ''
       AND NOT EXISTS (SELECT FROM metering_usageevent v WHERE (v.head_office_id, v.source, v.voids)
                                                               = (u.head_office_id, u.source, u.event_id)
                          AND v.voids <> '' AND v.company_id IN (%(company_id)s, u.head_office_id))
     GROUP BY 1, 2, 3, 4
), life AS (
    SELECT DISTINCT ON (e.resource) e.head_office_id, e.resource, e.source, e.company_id
      FROM office o
      JOIN metering_lifecycleevent e ON e.head_office_id = o.head_office_id AND e.type = 'created'
     ORDER BY e.resource, e.time, e.sequence
), hours AS (
    SELECT t.source, t.day, i.account_id, p.id AS product_id,
           sum(item.quantity * extract(epoch FROM least(i.ended_at, t.day_end) - greatest(i.started_at, t.day_start)))
           / 3600 AS quantity
      FROM told t
      JOIN life ON life.source = t.source AND life.company_id = %(company_id)s
      JOIN metering_resource r ON (r.head_office_id, r.name) = (life.head_office_id, life.resource)
      JOIN metering_resourceinterval i ON i.resource_id = r.id AND i.started_at < t.day_end
       AND coalesce(i.ended_at, 'infinity') > t.day_start
     CROSS JOIN LATERAL unnest(i.product_ids, i.quantities) AS item(product_id, quantity)
      JOIN catalogue_product p ON p.id = item.product_id AND p.kind = 'time' AND i.state = ANY(p.billed_states)
     WHERE t.kind = 'totals'
     GROUP BY 1, 2, 3, 4
), received AS (
    SELECT source, day, account_id, product_id, sum(quantity) AS quantity
      FROM (SELECT * FROM record UNION ALL SELECT * FROM hours) both_kinds
     GROUP BY 1, 2, 3, 4
), sent AS (
    SELECT c.source, c.day, c.account_id, c.product_id, c.quantity
      FROM reconciliation_controltotal c JOIN told t USING (source, day)
     WHERE c.company_id = %(company_id)s AND t.kind = 'totals'
)
SELECT CASE WHEN account <> '' OR (first = second AND note = '') THEN account
            ELSE coalesce((SELECT a.code FROM office o
                             JOIN metering_resource r ON (r.head_office_id, r.name) = (o.head_office_id, l.resource)
                             JOIN catalogue_account a ON a.id = r.account_id), '') END AS account,
       sku, resource, source || ' ' || event_id AS key, first, second, NULL::numeric AS beside, day, note
  FROM line l
 UNION ALL
SELECT coalesce(a.code, ''), p.sku, '', concat_ws(' ', source, a.code, p.sku, day), round(s.quantity, 6),
       round(r.quantity, 6), NULL, day, ''
  FROM sent s
  FULL JOIN received r USING (source, day, account_id, product_id)
  LEFT JOIN catalogue_account a ON a.id = account_id
  JOIN catalogue_product p ON p.id = product_id
 WHERE coalesce(s.quantity, 0) <> 0 OR coalesce(r.quantity, 0) <> 0
