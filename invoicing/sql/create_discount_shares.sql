-- Grain: one row what a promotion takes off a line of a draft invoice, in minor units; filled by `take_off`.
CREATE TEMP TABLE discount_share (
    round integer, invoice_id uuid, promotion_id bigint, tax_category text, position integer, minor_units numeric
) ON COMMIT DROP
