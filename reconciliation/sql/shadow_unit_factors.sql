-- Grain: one row a unit that a product's records may come in.
SELECT product_id, unit, numerator, denominator FROM catalogue_unitfactor
