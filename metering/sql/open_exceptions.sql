-- Grain: one row an event that cannot be placed, changes nothing, or is of what is kept no longer. What an office sent
-- is for that office to see, and for no other. A second run adds nothing.
INSERT INTO metering_eventexception
       (kind, key, head_office_id, company_id, account_id, resource, source, event_id, sku, opened_at)
SELECT kind, source || ' ' || event_id, head_office_id, company_id, account_id, resource, source, event_id, sku,
       %(now)s
  FROM (
    SELECT fault AS kind, head_office_id, coalesce(office_id, seller_id) AS company_id, account_id, resource, source, event_id,
           coalesce(unknown_sku, '') AS sku
      FROM placed_lifecycle WHERE fault IS NOT NULL
    UNION ALL
    SELECT 'redundant_transition', head_office_id, seller_id, account_id, resource, source, event_id, ''
      FROM timeline WHERE redundant
    UNION ALL
    SELECT fault, head_office_id, company_id, account_id, resource, source, event_id, sku
      FROM judged_usage WHERE fault IS NOT NULL
    UNION ALL
    SELECT 'past_keeping', e.head_office_id, e.company_id, r.account_id, e.resource, e.source, e.event_id, ''
      FROM metering_lifecycleevent e
      LEFT JOIN metering_resource r ON r.head_office_id = e.head_office_id AND r.name = e.resource
     WHERE e.batch_id = ANY(%(batches)s) AND (is_detached('metering_lifecycleevent', e.time)
                                              OR is_detached('metering_lifecycleevent', r.created_at))
  ) found
 ORDER BY kind, source, event_id
    ON CONFLICT DO NOTHING
