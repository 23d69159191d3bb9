-- Grain: one row an interval of the month's life that a charge of one resource does not come from: it is taken out.
DELETE FROM known_life WHERE resource_id IS DISTINCT FROM %(resource_id)s
