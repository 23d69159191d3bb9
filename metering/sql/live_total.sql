-- Grain: one row: what the charges of the rated month come to, unrounded. A look has no cost side.
SELECT coalesce(sum(amount), 0) AS net_amount FROM target_charge
