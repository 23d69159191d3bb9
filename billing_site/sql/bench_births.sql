-- Grain: one row a lifecycle event: the creation that an interval of bench_intervals tells of.
INSERT INTO metering_lifecycleevent (uid, batch_id, head_office_id, company_id, source, event_id, time, received_at,
       account, resource, type, sequence, items)
SELECT gen_random_uuid(), 1, r.head_office_id, a.company_id, 'orders', 'e' || r.id, i.started_at, i.started_at, a.code,
       r.name, 'created', 0,
       (SELECT jsonb_agg(jsonb_build_object('sku', p.sku, 'quantity', item.quantity::text) ORDER BY item.n)
          FROM unnest(i.product_ids, i.quantities) WITH ORDINALITY AS item(product_id, quantity, n)
          JOIN catalogue_product p ON p.id = item.product_id)
  FROM metering_resourceinterval i
  JOIN metering_resource r ON r.id = i.resource_id
  JOIN catalogue_account a ON a.id = i.account_id
 WHERE %(resources)s > 0
