-- Grain: one row a stretch of time in which one price of a book counts for a product (price_id null: none does), with
-- the scope of that price.
-- The stretches of a key (company, currency, product, account) fill all time. account_id 0 is the book; an
-- account has stretches of its own where it agreed on prices for the product: agreed beats the book, then the
-- latest valid_from counts, then the one entered last.
CREATE TEMP TABLE price_segment ON COMMIT DROP AS
WITH used AS (
    SELECT period_id, product_id FROM used_time
    UNION SELECT period_id, product_id FROM used_usage
    UNION SELECT period_id, product_id FROM due_order
), card AS (
    SELECT p.seller_id AS company_id, p.sell_currency AS currency, u.product_id, 0::bigint AS account_id
      FROM used u JOIN rating_period p USING (period_id)
    UNION
    SELECT p.buyer_id, p.cost_currency, u.product_id, 0
      FROM used u JOIN rating_period p USING (period_id) WHERE p.cost_currency IS NOT NULL
    UNION
    SELECT p.seller_id, p.sell_currency, u.product_id, x.account_id
      FROM used u JOIN rating_period p USING (period_id)
      JOIN catalogue_price x
        ON x.account_id = p.account_id AND x.product_id = u.product_id AND x.currency = p.sell_currency
       AND x.company_id = p.seller_id AND x.superseded_at IS NULL
), entry AS (
    SELECT c.company_id, c.currency, c.product_id, c.account_id, x.id AS price_id, x.scope, x.valid_from,
           coalesce(x.valid_to, 'infinity') AS valid_to, x.account_id IS NOT NULL AS agreed
      FROM card c
      JOIN catalogue_price x
        ON x.company_id = c.company_id AND x.currency = c.currency AND x.product_id = c.product_id
       AND x.superseded_at IS NULL AND (x.account_id IS NULL OR x.account_id = c.account_id)
), bound AS (
    SELECT company_id, currency, product_id, account_id, '-infinity'::timestamptz AS started_at FROM card
    UNION
    SELECT company_id, currency, product_id, account_id, valid_from FROM entry
    UNION
    SELECT company_id, currency, product_id, account_id, valid_to FROM entry WHERE valid_to < 'infinity'
), chosen AS (
    SELECT DISTINCT ON (b.company_id, b.currency, b.product_id, b.account_id, b.started_at)
           b.company_id, b.currency, b.product_id, b.account_id, b.started_at, e.price_id, e.scope
      FROM bound b
      LEFT JOIN entry e
        ON e.company_id = b.company_id AND e.currency = b.currency AND e.product_id = b.product_id
       AND e.account_id = b.account_id AND e.valid_from <= b.started_at AND b.started_at < e.valid_to
     ORDER BY b.company_id, b.currency, b.product_id, b.account_id, b.started_at,
              e.agreed DESC NULLS LAST, e.valid_from DESC NULLS LAST, e.price_id DESC NULLS LAST
), changing AS (
    SELECT *, lag(price_id) OVER card IS NOT DISTINCT FROM price_id AND lag(started_at) OVER card IS NOT NULL AS same
      FROM chosen WINDOW card AS (PARTITION BY company_id, currency, product_id, account_id ORDER BY started_at)
)
SELECT company_id, currency, product_id, account_id, price_id, scope, started_at,
       lead(started_at, 1, 'infinity') OVER (
           PARTITION BY company_id, currency, product_id, account_id ORDER BY started_at) AS ended_at
  FROM changing WHERE NOT same
