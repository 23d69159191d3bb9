-- Clears the working table of an earlier rating in the same transaction.
DROP TABLE IF EXISTS rated_again
