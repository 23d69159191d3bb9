-- Drops the working table of an earlier look in the same transaction.
DROP TABLE IF EXISTS waiting_difference
