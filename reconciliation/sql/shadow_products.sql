-- Grain: one row a product, with the states in which its time is billed.
SELECT id, sku, unit, kind, aggregation, time_rounding, array_to_string(billed_states, ' ') AS billed_states
  FROM catalogue_product
