-- Clears the working table of an earlier report in the same transaction.
DROP TABLE IF EXISTS margin_part
