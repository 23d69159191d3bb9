-- Grain: one row an identity of the batch that was known before, with the hash that stands.
SELECT k.source, k.event_id, k.content_hash
  FROM incoming_identity i
  JOIN metering_eventidentity k USING (head_office_id, source, event_id)
