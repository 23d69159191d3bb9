-- Grain: one row a line that round %(round)s took something off: the next rounds find what is left of it.
UPDATE discountable d SET minor_units_left = d.minor_units_left - s.minor_units
  FROM discount_share s
 WHERE s.round = %(round)s AND s.invoice_id = d.invoice_id AND s.position = d.position
