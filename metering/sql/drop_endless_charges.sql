-- Grain: one row a charge that comes to more than any invoice can say (10^16, so that some of them still add
-- up), or of more than any quantity. It is taken away, and what it was made of counts as not priced: it is told as an
-- exception, and the months rated with it are rated all the same. Most of the time there is none.
WITH endless AS (
    DELETE FROM target_charge WHERE abs(amount) >= 1e16 OR quantity >= 1e26
    RETURNING *
), of_period AS (
    SELECT e.*, p.period_id FROM endless e JOIN rating_period p USING (account_id, month)
), used AS (
    UPDATE rated_quantity q SET price_id = NULL
      FROM of_period e
     WHERE (q.period_id, q.side, q.product_id, q.price_id) = (e.period_id, e.side, e.product_id, e.price_id)
       AND q.resource_id IS NOT DISTINCT FROM e.resource_id AND q.item_quantity IS NOT DISTINCT FROM e.item_quantity
)
UPDATE rated_order o SET price_id = NULL, unit_price = NULL
  FROM of_period e
 WHERE (o.period_id, o.side, o.product_id, o.cycle_start) = (e.period_id, e.side, e.product_id, e.cycle_start)
   AND o.price_id IS NOT DISTINCT FROM e.price_id AND o.order_id = coalesce(e.order_id, o.order_id)
