-- Grain: one row a usage record of the head office %(head_office)s that a void asks to withdraw, and its sender.
SELECT DISTINCT source, voids AS event_id, company_id
  FROM metering_usageevent WHERE head_office_id = %(head_office)s AND voids <> ''
