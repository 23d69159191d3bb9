-- Grain: one row an identity of the batch that was known before, with the hash that stands if it differs.
SELECT i.n, nullif(k.content_hash, i.content_hash) AS other_hash
  FROM incoming_identity i
  JOIN metering_eventidentity k USING (head_office_id, source, event_id)
