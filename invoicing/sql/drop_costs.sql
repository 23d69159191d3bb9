-- Clears the working table of an earlier inter-company document in the same transaction.
DROP TABLE IF EXISTS cost_to_bill
