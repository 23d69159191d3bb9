-- Grain: one row a usage record of the head office %(head_office)s that a void withdraws.
SELECT DISTINCT source, voids AS event_id
  FROM metering_usageevent WHERE head_office_id = %(head_office)s AND voids <> ''
