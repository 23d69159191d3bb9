-- Grain: one row a charge as the independent rater's columns hold it: quantities counted in 10^-12, amounts in the
-- currency's smallest unit. Filled by COPY; ends with the transaction.
CREATE TEMP TABLE rated_again (
    side text NOT NULL, account_id bigint NOT NULL, resource text, product_id bigint NOT NULL, item_quantity numeric,
    price_id bigint, order_id bigint, cycle_start date, quantity numeric NOT NULL, charge numeric NOT NULL,
    true_up numeric NOT NULL
) ON COMMIT DROP
