-- Removes what an explanation before it in the same transaction left behind.
DROP TABLE IF EXISTS explained_record
