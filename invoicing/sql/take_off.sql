-- Grain: one row a line that a promotion of round %(round)s takes something off (rule 13), on what the rounds before
-- have left. A percent is taken of the sum of each tax category; an amount, at most the sum of all, is split over
-- the categories; both are split over the lines: by largest fraction, then name or position. A limited promotion
-- is granted to as many invoices as it has redemptions left, in order of the accounts' codes.
-- The same arithmetic as catalogue/domain/discounts.py, in whole minor units.
INSERT INTO discount_share (round, invoice_id, promotion_id, tax_category, position, minor_units)
WITH covered AS (
    SELECT h.invoice_id, h.promotion_id, h.account, h.places, h.percent, h.amount, h.redemptions_left, d.tax_category,
           d.position, d.minor_units_left AS units
      FROM held_promotion h
      JOIN discountable d USING (invoice_id)
     WHERE h.round = %(round)s AND d.minor_units_left > 0
       AND (h.products = '{}' AND h.families = '{}'
            OR d.product_id = ANY(h.products) OR d.family = ANY(h.families))
), category AS (
    SELECT invoice_id, promotion_id, account, places, percent, redemptions_left, tax_category, sum(units) AS units,
           sum(sum(units)) OVER document AS document_units,
           least(half_up(amount * power(10::numeric, places), 1, 0), sum(sum(units)) OVER document) AS amount_units
      FROM covered
     GROUP BY invoice_id, promotion_id, account, places, percent, amount, redemptions_left, tax_category
    WINDOW document AS (PARTITION BY invoice_id, promotion_id)
), split_category AS (
    SELECT *, div(amount_units * units, document_units) AS whole,
           row_number() OVER (PARTITION BY invoice_id, promotion_id
                              ORDER BY mod(amount_units * units, document_units) DESC, tax_category) AS by_fraction,
           amount_units - sum(div(amount_units * units, document_units))
                          OVER (PARTITION BY invoice_id, promotion_id) AS left_over
      FROM category
), taken AS (
    SELECT invoice_id, promotion_id, account, redemptions_left, tax_category, units AS category_units,
           CASE WHEN percent IS NULL THEN whole + (by_fraction <= left_over)::integer
                ELSE half_up(units * percent, 100, 0) END AS taken_units
      FROM split_category
), granted AS (
    SELECT invoice_id, promotion_id
      FROM (SELECT invoice_id, promotion_id, redemptions_left,
                   row_number() OVER (PARTITION BY promotion_id ORDER BY account) AS in_turn
              FROM taken
             GROUP BY invoice_id, promotion_id, account, redemptions_left
            HAVING sum(taken_units) > 0) asking
     WHERE redemptions_left IS NULL OR in_turn <= redemptions_left
), split_line AS (
    SELECT l.invoice_id, l.promotion_id, l.tax_category, l.position,
           div(t.taken_units * l.units, t.category_units) AS whole,
           row_number() OVER (PARTITION BY l.invoice_id, l.promotion_id, l.tax_category
                              ORDER BY mod(t.taken_units * l.units, t.category_units) DESC, l.position) AS by_fraction,
           t.taken_units - sum(div(t.taken_units * l.units, t.category_units))
                           OVER (PARTITION BY l.invoice_id, l.promotion_id, l.tax_category) AS left_over
      FROM granted g
      JOIN taken t USING (invoice_id, promotion_id)
      JOIN covered l USING (invoice_id, promotion_id, tax_category)
     WHERE t.taken_units > 0
)
SELECT %(round)s, invoice_id, promotion_id, tax_category, position, whole + (by_fraction <= left_over)::integer
  FROM split_line
 WHERE whole + (by_fraction <= left_over)::integer > 0
