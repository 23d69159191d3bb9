-- Grain: one row a batch with an event that waits for a product, unit factor or account that is there by now. It
-- waits for mediation again. Most of the time there is none.
WITH event AS (
    SELECT x.kind, i.uid, i.time FROM metering_eventexception x
      JOIN metering_eventidentity i
        ON (i.head_office_id, i.source, i.event_id) = (x.head_office_id, x.source, x.event_id)
     WHERE x.closed_at IS NULL AND x.kind IN ('unknown_sku', 'unknown_unit', 'unknown_account')
), there AS (
    SELECT e.batch_id FROM event x JOIN metering_lifecycleevent e USING (uid, time)
     WHERE x.kind = 'unknown_sku' AND NOT EXISTS (
               SELECT FROM jsonb_to_recordset(e.items) AS item(sku text)
                WHERE item.sku NOT IN (SELECT sku FROM catalogue_product))
        OR x.kind = 'unknown_account' AND EXISTS (
               SELECT FROM catalogue_account a JOIN catalogue_company c ON c.id = a.company_id
                WHERE a.code = e.account AND e.company_id IN (c.id, c.parent_id))
    UNION
    SELECT u.batch_id FROM event x JOIN metering_usageevent u USING (uid, time)
     WHERE x.kind = 'unknown_sku' AND EXISTS (SELECT FROM catalogue_product p WHERE p.sku = u.sku)
        OR x.kind = 'unknown_unit' AND EXISTS (
               SELECT FROM catalogue_product p LEFT JOIN catalogue_unitfactor f ON f.product_id = p.id
                WHERE p.sku = u.sku AND u.unit IN (p.unit, f.unit))
        OR x.kind = 'unknown_account' AND EXISTS (
               SELECT FROM catalogue_account a JOIN catalogue_company c ON c.id = a.company_id
                WHERE a.code = u.account AND u.company_id IN (c.id, c.parent_id))
)
UPDATE metering_ingestbatch b SET mediated_at = NULL FROM there WHERE b.id = there.batch_id
