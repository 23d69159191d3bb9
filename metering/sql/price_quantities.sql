-- Grain: one row a charge as it should be. The price models of catalogue/domain/price_models, on exact fractions:
-- included units come off first, then tiers, then the cap (add_true_ups adds what a minimum asks for). Amounts are
-- rounded from the exact value, once. OFFSET 0 keeps an expression that is used several times from being computed
-- as often.
CREATE TEMP TABLE target_charge ON COMMIT DROP AS
SELECT q.side, 'charge' AS kind, b.company_id, p.account_id, p.month, p.bill_month, p.is_closed, q.resource_id,
       NULL::bigint AS order_id, NULL::date AS cycle_start, q.product_id, q.item_quantity, q.price_id, b.currency,
       q.service_start, q.service_end, p.period_start, p.period_end,
       half_up(q.numerator, q.denominator, 12) AS quantity,
       CASE x.model WHEN 'per_unit' THEN x.unit_price END AS unit_price,
       half_up(a.numerator, q.denominator, 12) AS amount,
       half_up(a.numerator, q.denominator, b.places) AS net_amount
  FROM rated_quantity q
  JOIN catalogue_price x ON x.id = q.price_id
  JOIN rating_period p ON p.period_id = q.period_id
 CROSS JOIN LATERAL (
    SELECT CASE q.side WHEN 'sell' THEN p.sell_places ELSE p.cost_places END AS places,
           CASE q.side WHEN 'sell' THEN p.seller_id ELSE p.buyer_id END AS company_id,
           CASE q.side WHEN 'sell' THEN p.sell_currency ELSE p.cost_currency END AS currency,
           greatest(q.numerator - x.included * q.denominator, 0) AS charged OFFSET 0) b
 CROSS JOIN LATERAL (
    SELECT CASE x.model
        WHEN 'per_unit' THEN b.charged * x.unit_price
        WHEN 'flat' THEN CASE WHEN b.charged > 0 THEN x.fee * q.denominator ELSE 0 END
        WHEN 'graduated' THEN (
            SELECT sum(greatest(least(b.charged, coalesce(t.up_to * q.denominator, b.charged))
                                - t.lower * q.denominator, 0) * t.unit_price
                       + CASE WHEN b.charged > t.lower * q.denominator THEN t.flat_fee * q.denominator ELSE 0 END)
              FROM catalogue_pricetier t WHERE t.price_id = x.id)
        WHEN 'package' THEN x.package_price * q.denominator
            * (div(b.charged, x.package_size * q.denominator)
               + CASE WHEN mod(b.charged, x.package_size * q.denominator) > 0 THEN 1 ELSE 0 END)
        WHEN 'percentage' THEN b.charged * x.percent * 0.01
            + q.records * coalesce(x.fixed_fee, 0) * q.denominator
        ELSE coalesce((
            SELECT b.charged * CASE x.model WHEN 'volume' THEN t.unit_price ELSE 0 END + t.flat_fee * q.denominator
              FROM catalogue_pricetier t
             WHERE t.price_id = x.id AND b.charged > t.lower * q.denominator
               AND (t.up_to IS NULL OR b.charged <= t.up_to * q.denominator)), 0)
        END AS numerator OFFSET 0) u
 CROSS JOIN LATERAL (
    SELECT least(u.numerator, coalesce(x.cap * q.denominator, u.numerator)) AS numerator OFFSET 0) a
 WHERE q.numerator > 0
