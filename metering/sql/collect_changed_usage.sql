-- Grain: one row a usage record or void of which something may be otherwise than it was judged: the ones of the batches
-- taken, those of touched resources from the first change on, those that voids of the batches withdraw, and those of
-- open exceptions that something else than their resource may have healed. A table of its own, because the planner
-- must know how few they are: it would read all records otherwise.
CREATE TEMP TABLE changed_usage ON COMMIT DROP AS
SELECT uid, time FROM metering_usageevent WHERE batch_id = ANY(%(batches)s)
UNION
SELECT u.uid, u.time FROM touched_resource t
  JOIN metering_usageevent u ON u.head_office_id = t.head_office_id AND u.resource = t.resource
   AND u.time >= t.touched_from
UNION
SELECT i.uid, i.time FROM metering_usageevent v
  JOIN metering_eventidentity i ON (i.head_office_id, i.source, i.event_id) = (v.head_office_id, v.source, v.voids)
 WHERE v.batch_id = ANY(%(batches)s) AND v.voids <> ''
UNION
SELECT i.uid, i.time FROM metering_eventexception x
  JOIN metering_eventidentity i
    ON (i.head_office_id, i.source, i.event_id) = (x.head_office_id, x.source, x.event_id)
 WHERE x.closed_at IS NULL AND x.kind IN ('unknown_sku', 'unknown_account', 'unknown_unit', 'unknown_record')
