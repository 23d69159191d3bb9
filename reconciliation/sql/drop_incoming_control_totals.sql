-- Clears the working table of an earlier delivery in the same transaction.
DROP TABLE IF EXISTS incoming_control_total
