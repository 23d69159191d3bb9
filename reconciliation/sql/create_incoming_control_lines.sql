-- Grain: one row an event that a delivery says was sent, with the number of its line. Filled by COPY; ends with the
-- transaction.
CREATE TEMP TABLE incoming_control_line (
    line integer NOT NULL, source text NOT NULL, event_id text NOT NULL, resource text NOT NULL,
    hour timestamptz NOT NULL, day date NOT NULL, quantity numeric NOT NULL
) ON COMMIT DROP
