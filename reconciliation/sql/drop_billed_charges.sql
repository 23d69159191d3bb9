-- Clears the working table of an earlier comparison in the same transaction.
DROP TABLE IF EXISTS billed_charge
