-- Grain: one row a control total of the days %(days)s of the sources %(sources)s that `incoming_control_total` does
-- not have. The company's row is locked.
DELETE FROM reconciliation_controltotal c
 USING unnest(%(sources)s::text[], %(days)s::date[]) AS told(source, day)
 WHERE c.company_id = %(company_id)s AND (c.source, c.day) = (told.source, told.day)
   AND NOT EXISTS (SELECT FROM incoming_control_total i
                     JOIN catalogue_account a ON a.code = i.account
                     JOIN catalogue_product p ON p.sku = i.sku
                    WHERE (i.source, i.day, a.id, p.id) = (c.source, c.day, c.account_id, c.product_id))
