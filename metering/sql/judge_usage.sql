-- Grain: one row a usage record or void to look at again, with the account that it belongs to and `fault`, the
-- kind of exception that keeps it from being billed (empty: none). These are the changed ones and those whose time
-- any of them covers. A void withdraws what its sender sent, or what any office of it did where it is a head office.
CREATE TEMP TABLE judged_usage ON COMMIT DROP AS
WITH looked_at AS (
    SELECT uid, time FROM changed_usage
    UNION
    SELECT o.uid, o.time FROM changed_usage c
      JOIN metering_usageevent u USING (uid, time)
      JOIN metering_usageevent o
        ON o.head_office_id = u.head_office_id AND o.resource = u.resource AND o.account = u.account
       AND o.sku = u.sku AND o.until > u.time AND o.time < u.until
), usage AS (
    SELECT u.*, p.id AS product_id, p.unit AS product_unit
      FROM looked_at l JOIN metering_usageevent u USING (uid, time)
      LEFT JOIN catalogue_product p ON p.sku = u.sku
), placed AS (
    SELECT u.*, r.id AS resource_id, coalesce(i.account_id, a.id) AS account_id_at_time,
           CASE WHEN u.voids <> '' THEN
                    CASE WHEN NOT EXISTS (
                        SELECT FROM metering_eventidentity k JOIN metering_usageevent w
                            ON w.uid = k.uid AND w.time = k.time AND w.voids = ''
                           AND u.company_id IN (w.company_id, w.head_office_id)
                         WHERE (k.head_office_id, k.source, k.event_id) = (u.head_office_id, u.source, u.voids))
                    THEN CASE WHEN EXISTS (
                        SELECT FROM metering_eventidentity k
                         WHERE (k.head_office_id, k.source, k.event_id) = (u.head_office_id, u.source, u.voids)
                           AND is_detached('metering_usageevent', k.time))
                    THEN 'past_keeping' ELSE 'unknown_record' END END
                WHEN is_detached('metering_usageevent', u.time) THEN 'past_keeping'
                WHEN EXISTS (SELECT FROM metering_usageevent v
                              WHERE (v.head_office_id, v.source, v.voids) = (u.head_office_id, u.source, u.event_id)
                                AND v.voids <> ''
                                AND v.company_id IN (u.company_id, u.head_office_id)) THEN NULL
                WHEN u.product_id IS NULL THEN 'unknown_sku'
                WHEN u.unit NOT IN ('', u.product_unit) AND NOT EXISTS (
                    SELECT FROM catalogue_unitfactor f WHERE f.product_id = u.product_id AND f.unit = u.unit)
                THEN 'unknown_unit'
                WHEN u.resource = '' AND a.id IS NULL THEN 'unknown_account'
                WHEN u.resource <> '' AND (r.id IS NULL OR u.time < r.created_at
                                           OR u.company_id NOT IN (owner.company_id, u.head_office_id))
                THEN 'unknown_resource'
                WHEN u.resource <> '' AND i.account_id IS NULL THEN 'usage_after_end'
                -- Only what could itself be billed covers time: neither what has no place, nor what its sender may
                -- not say of this resource.
                WHEN u.until IS NOT NULL AND EXISTS (
                    SELECT FROM metering_usageevent o
                     WHERE o.head_office_id = u.head_office_id AND o.resource = u.resource
                       AND o.account = u.account AND o.sku = u.sku AND o.until > u.time AND o.time < u.until
                       AND (o.received_at, o.uid) < (u.received_at, u.uid)
                       AND o.company_id IN (coalesce(owner.company_id, a.company_id), u.head_office_id)
                       AND (o.unit IN ('', u.product_unit) OR EXISTS (
                           SELECT FROM catalogue_unitfactor f WHERE f.product_id = u.product_id AND f.unit = o.unit))
                       AND (u.resource = '' OR EXISTS (
                           SELECT FROM metering_resourceinterval h
                            WHERE h.resource_id = r.id AND h.started_at <= o.time
                              AND o.time < coalesce(h.ended_at, 'infinity')))
                       AND NOT EXISTS (
                           SELECT FROM metering_usageevent v
                            WHERE (v.head_office_id, v.source, v.voids) = (o.head_office_id, o.source, o.event_id)
                              AND v.voids <> ''
                              AND v.company_id IN (o.company_id, o.head_office_id)))
                THEN 'overlap'
           END AS fault
      FROM usage u
      LEFT JOIN metering_resource r
        ON u.resource <> '' AND r.head_office_id = u.head_office_id AND r.name = u.resource
      LEFT JOIN catalogue_account owner ON owner.id = r.account_id
      LEFT JOIN metering_resourceinterval i
        ON i.resource_id = r.id AND i.started_at <= u.time AND u.time < coalesce(i.ended_at, 'infinity')
      LEFT JOIN (catalogue_account a JOIN catalogue_company c ON c.id = a.company_id)
        ON u.resource = '' AND a.code = u.account AND u.account <> '' AND u.company_id IN (c.id, c.parent_id)
)
SELECT uid, head_office_id, company_id, source, event_id, resource, resource_id, sku, time, until,
       account_id_at_time AS account_id, fault
  FROM placed
