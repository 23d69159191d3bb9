-- Grain: one row a charge as it should be, and one more, of kind true_up, where its amount is below the minimum.
-- The price models of catalogue/domain/price_models, on exact fractions: included units come off first, then
-- tiers, cap and minimum. Amounts are rounded from the exact value, once.
CREATE TEMP TABLE target_charge ON COMMIT DROP AS
WITH included AS (
    SELECT q.*, x.model, x.unit_price, x.fee, x.package_size, x.package_price, x.percent, x.fixed_fee, x.cap,
           x.minimum, greatest(q.numerator - x.included * q.denominator, 0) AS charged,
           CASE q.side WHEN 'sell' THEN p.sell_places ELSE p.cost_places END AS places,
           CASE q.side WHEN 'sell' THEN p.seller_id ELSE p.buyer_id END AS company_id,
           CASE q.side WHEN 'sell' THEN p.sell_currency ELSE p.cost_currency END AS currency,
           p.account_id, p.month, p.bill_month, p.is_closed, p.period_start, p.period_end
      FROM rated_quantity q
      JOIN catalogue_price x ON x.id = q.price_id
      JOIN rating_period p USING (period_id)
     WHERE q.numerator > 0
), priced AS (
    SELECT i.*, CASE i.model
        WHEN 'per_unit' THEN i.charged * i.unit_price
        WHEN 'flat' THEN CASE WHEN i.charged > 0 THEN i.fee * i.denominator ELSE 0 END
        WHEN 'graduated' THEN (
            SELECT sum(greatest(least(i.charged, coalesce(t.up_to * i.denominator, i.charged))
                                - t.lower * i.denominator, 0) * t.unit_price
                       + CASE WHEN i.charged > t.lower * i.denominator THEN t.flat_fee * i.denominator ELSE 0 END)
              FROM catalogue_pricetier t WHERE t.price_id = i.price_id)
        WHEN 'package' THEN i.package_price * i.denominator
            * (div(i.charged, i.package_size * i.denominator)
               + CASE WHEN mod(i.charged, i.package_size * i.denominator) > 0 THEN 1 ELSE 0 END)
        WHEN 'percentage' THEN i.charged * i.percent * 0.01
            + CASE WHEN i.charged > 0 THEN i.records * coalesce(i.fixed_fee, 0) * i.denominator ELSE 0 END
        ELSE coalesce((
            SELECT i.charged * CASE i.model WHEN 'volume' THEN t.unit_price ELSE 0 END + t.flat_fee * i.denominator
              FROM catalogue_pricetier t
             WHERE t.price_id = i.price_id AND i.charged > t.lower * i.denominator
               AND (t.up_to IS NULL OR i.charged <= t.up_to * i.denominator)), 0)
        END AS uncapped
      FROM included i
), capped AS (
    SELECT *, least(uncapped, coalesce(cap * denominator, uncapped)) AS amount_numerator FROM priced
), rounded AS (
    SELECT *, half_up(amount_numerator, denominator, places) AS net_amount FROM capped
)
SELECT side, 'charge' AS kind, company_id, account_id, month, bill_month, is_closed, resource_id,
       NULL::bigint AS order_id, NULL::date AS cycle_start, product_id, item_quantity, price_id, currency,
       service_start, service_end, period_start, period_end, half_up(numerator, denominator, 12) AS quantity,
       CASE model WHEN 'per_unit' THEN unit_price END AS unit_price,
       half_up(amount_numerator, denominator, 12) AS amount, net_amount
  FROM rounded
UNION ALL
SELECT side, 'true_up', company_id, account_id, month, bill_month, is_closed, resource_id, NULL, NULL, product_id,
       item_quantity, price_id, currency, service_start, service_end, period_start, period_end, 0, NULL,
       half_up(minimum, 1, places) - net_amount, half_up(minimum, 1, places) - net_amount
  FROM rounded WHERE half_up(minimum, 1, places) > net_amount
