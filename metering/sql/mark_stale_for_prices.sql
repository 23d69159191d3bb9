-- Grain: one row an account and month from %(valid_from)s on that a price of a book may change: the accounts of
-- the book's company and of its sales offices; of closed months, those with charges, or unpriced quantities, of
-- the products (null: of any). A cycle in advance that begins as a month ends is charged in that month. Locks them
-- in the order in which mediation does. A second run changes nothing.
WITH locked AS (
    SELECT p.id FROM metering_accountperiod p
      JOIN catalogue_account a ON a.id = p.account_id
      JOIN catalogue_company s ON s.id = a.company_id
     WHERE %(company_id)s IN (s.id, s.parent_id)
       AND (p.period_end > %(valid_from)s
            OR p.period_end = %(valid_from)s AND EXISTS (SELECT FROM metering_order o WHERE o.account_id = a.id))
       AND (p.cutoff IS NULL
            OR EXISTS (SELECT FROM metering_charge c WHERE c.account_id = p.account_id AND c.service_month = p.month
                          AND (%(product_ids)s::bigint[] IS NULL OR c.product_id = ANY(%(product_ids)s::bigint[])))
            OR EXISTS (SELECT FROM metering_eventexception x JOIN catalogue_product d ON d.sku = x.sku
                        WHERE x.kind = 'no_price' AND x.closed_at IS NULL AND x.account_id = p.account_id
                          AND (%(product_ids)s::bigint[] IS NULL OR d.id = ANY(%(product_ids)s::bigint[]))))
     ORDER BY p.account_id, p.month
       FOR UPDATE OF p
)
UPDATE metering_accountperiod p SET stale = true FROM locked l WHERE l.id = p.id
