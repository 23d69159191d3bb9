-- Ends the life of incoming_identity before the transaction's, so that a second batch may follow in it.
DROP TABLE incoming_identity
