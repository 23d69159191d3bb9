-- Grain: one row an identity of the batch. Keeps what is new; what is known stays as it is and is removed
-- from the batch's new ones. Waits for a concurrent sender of the same identity. A second run adds nothing.
WITH added AS (
    INSERT INTO metering_eventidentity (head_office_id, source, event_id, uid, time, content_hash)
    SELECT head_office_id, source, event_id, uid, time, content_hash FROM incoming_identity
    ORDER BY source, event_id
    ON CONFLICT DO NOTHING
    RETURNING source, event_id
)
DELETE FROM incoming_identity i USING added a WHERE (i.source, i.event_id) = (a.source, a.event_id)
