-- Grain: one row a lifecycle event of a touched resource, with what it may do and `fault`, the kind of
-- exception that keeps it from being placed (empty: placed). Only events received by %(received_by)s (null:
-- all) count, and none of detached months. An account counts only if it lies in the company that sent the event. A
-- resource is of the office that the head office created it for, else of the one whose creation of it came in first:
-- no other office takes it over by an earlier time, and its events are answered as if the resource did not exist.
-- Where a life is rebuilt from a stretch on, that stretch stands for all before it, as if the resource had been
-- created so (no source and no event_id).
CREATE TEMP TABLE placed_lifecycle ON COMMIT DROP AS
WITH looked_at AS (
    SELECT e.head_office_id, e.resource, e.uid, e.company_id, e.source, e.event_id, e.time, e.sequence, e.type,
           e.account, e.items, e.received_at, false AS is_past
      FROM touched_resource t
      JOIN metering_lifecycleevent e
        ON e.head_office_id = t.head_office_id AND e.resource = t.resource
       AND e.time >= CASE WHEN t.base_at IS NULL THEN '-infinity' ELSE t.touched_from END
    UNION ALL
    SELECT e.head_office_id, e.resource, e.uid, e.company_id, e.source, e.event_id, e.time, e.sequence, e.type,
           e.account, e.items, e.received_at, true
      FROM touched_resource t
      JOIN metering_lifecycleevent e
        ON e.head_office_id = t.head_office_id AND e.resource = t.resource AND e.time = t.created_at
     WHERE t.base_at IS NOT NULL
), event AS (
    SELECT e.head_office_id, e.resource, e.uid, e.company_id, e.source, e.event_id, e.time, e.sequence, e.type,
           e.received_at, e.is_past,
           array_position(ARRAY['created', 'started', 'suspended', 'resumed', 'stopped', 'resized',
                                'transferred', 'decommissioned'], e.type::text) AS precedence,
           a.id AS account_id, a.company_id AS seller_id,
           i.product_ids, i.quantities, i.unknown_sku,
           CASE WHEN e.type IN ('created', 'transferred') AND a.id IS NULL THEN 'unknown_account'
                WHEN i.unknown_sku IS NOT NULL THEN 'unknown_sku' END AS fault
      FROM looked_at e
      LEFT JOIN (catalogue_account a JOIN catalogue_company c ON c.id = a.company_id)
        ON a.code = e.account AND e.account <> '' AND e.company_id IN (c.id, c.parent_id)
      LEFT JOIN LATERAL (
          SELECT array_agg(p.id ORDER BY p.id) AS product_ids,
                 array_agg(item.quantity ORDER BY p.id) AS quantities,
                 min(item.sku) FILTER (WHERE p.id IS NULL) AS unknown_sku
            FROM jsonb_to_recordset(e.items) AS item(sku text, quantity numeric)
            LEFT JOIN catalogue_product p ON p.sku = item.sku
      ) i ON e.items IS NOT NULL
     WHERE (%(received_by)s::timestamptz IS NULL OR e.received_at <= %(received_by)s)
       AND (e.time >= (SELECT coalesce(max(ends_at), '-infinity') FROM metering_detachedmonth)
            OR NOT is_detached('metering_lifecycleevent', e.time))
), creation AS (
    SELECT *, first_value(seller_id) OVER (
               PARTITION BY head_office_id, resource
               ORDER BY company_id <> head_office_id, CASE WHEN company_id <> head_office_id THEN received_at END,
                        time, sequence, event_id COLLATE "C", source COLLATE "C") AS owner_id
      FROM event WHERE type = 'created' AND fault IS NULL
), birth AS (
    SELECT DISTINCT ON (head_office_id, resource)
           head_office_id, resource, uid AS birth_uid, time AS born_at, seller_id
      FROM creation WHERE company_id IN (owner_id, head_office_id)
     ORDER BY head_office_id, resource, time, sequence, precedence, event_id COLLATE "C", source COLLATE "C"
)
SELECT e.head_office_id, e.resource, e.uid, e.source, e.event_id, e.time, e.sequence, e.type, e.precedence,
       e.account_id, e.unknown_sku, e.items_known AS has_items, e.product_ids, e.quantities, b.birth_uid,
       b.seller_id, nullif(e.company_id, e.head_office_id) AS office_id,
       coalesce(e.fault, CASE WHEN b.birth_uid IS NULL OR e.time < b.born_at
                                   OR e.company_id NOT IN (b.seller_id, e.head_office_id)
                              THEN 'unknown_resource' END) AS fault
  FROM (SELECT *, type IN ('created', 'resized') AS items_known FROM event) e
  LEFT JOIN birth b USING (head_office_id, resource)
 WHERE NOT e.is_past
UNION ALL
SELECT t.head_office_id, t.resource, b.birth_uid, NULL, NULL, t.base_at, 0,
       CASE i.state WHEN 'active' THEN 'created' ELSE i.state END, 0, i.account_id, NULL, true, i.product_ids,
       i.quantities, b.birth_uid, b.seller_id, NULL, NULL
  FROM touched_resource t
  JOIN metering_resourceinterval i ON i.resource_id = t.resource_id AND i.started_at = t.base_at
  JOIN birth b USING (head_office_id, resource)
