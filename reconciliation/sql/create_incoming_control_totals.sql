-- Grain: one row a sum that a delivery says was sent, with the number of its line. Filled by COPY; ends with the
-- transaction.
CREATE TEMP TABLE incoming_control_total (
    line integer NOT NULL, source text NOT NULL, account text NOT NULL, sku text NOT NULL, day date NOT NULL,
    quantity numeric NOT NULL
) ON COMMIT DROP
