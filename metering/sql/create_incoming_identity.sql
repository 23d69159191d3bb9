-- One row an identity of the batch at hand, of which some were known before; n is its place in the batch.
-- Lives until drop_incoming_identity or the end of the transaction.
CREATE TEMP TABLE incoming_identity (
    n integer, head_office_id bigint, source text, event_id text, uid uuid, "time" timestamptz, content_hash bytea
) ON COMMIT DROP
