-- Grain: one row a placed event of a touched resource, in the order of rule 7, with the state, account and
-- items from it on (`is_end`: none any more) and whether it changed nothing (`redundant`).
--
-- The transitions of metering/domain/lifecycle.py without a loop: suspended and stopped set the state whatever
-- it was; resumed and started only undo the one that they answer, so the state is that of the last such event
-- unless its answer came since.
CREATE TEMP TABLE timeline ON COMMIT DROP AS
WITH ordered AS (
    SELECT *, row_number() OVER life AS n,
           max(CASE WHEN uid = birth_uid THEN 1 ELSE 0 END) OVER life AS born
      FROM placed_lifecycle WHERE fault IS NULL
    WINDOW life AS (PARTITION BY head_office_id, resource ORDER BY time, sequence, precedence, event_id COLLATE "C",
                             source COLLATE "C")
), mortal AS (
    SELECT *, min(n) FILTER (WHERE born = 1 AND type = 'decommissioned')
                  OVER (PARTITION BY head_office_id, resource) AS death
      FROM ordered
), grouped AS (
    SELECT *, born = 1 AND n <= coalesce(death, n) AND (type <> 'created' OR uid = birth_uid) AS effective,
           count(*) FILTER (WHERE uid = birth_uid OR born = 1 AND type IN ('suspended', 'stopped')) OVER life
               AS state_group,
           count(*) FILTER (WHERE uid = birth_uid OR born = 1 AND type = 'resized') OVER life AS items_group,
           count(*) FILTER (WHERE uid = birth_uid OR born = 1 AND type = 'transferred') OVER life AS account_group
      FROM mortal
    WINDOW life AS (PARTITION BY head_office_id, resource ORDER BY n)
), based AS (
    SELECT *, first_value(type) OVER (PARTITION BY head_office_id, resource, state_group ORDER BY n) AS base,
           first_value(product_ids) OVER items AS items_now,
           first_value(quantities) OVER items AS quantities_now,
           first_value(account_id) OVER (PARTITION BY head_office_id, resource, account_group ORDER BY n)
               AS account_now
      FROM grouped WHERE effective
    WINDOW items AS (PARTITION BY head_office_id, resource, items_group ORDER BY n)
), stated AS (
    SELECT *, CASE WHEN base = 'created' OR bool_or(base = 'suspended' AND type = 'resumed'
                                                    OR base = 'stopped' AND type = 'started')
                           OVER (PARTITION BY head_office_id, resource, state_group ORDER BY n)
                   THEN 'active' ELSE base END AS state
      FROM based
)
SELECT head_office_id, resource, seller_id, uid, source, event_id, n, time, type, state, account_now AS account_id,
       coalesce(items_now, '{}') AS product_ids, coalesce(quantities_now, '{}') AS quantities,
       type = 'decommissioned' AS is_end,
       type IN ('started', 'suspended', 'resumed', 'stopped')
           AND state = lag(state) OVER (PARTITION BY head_office_id, resource ORDER BY n) AS redundant
  FROM stated
UNION ALL
SELECT head_office_id, resource, seller_id, uid, source, event_id, n, time, type, NULL, NULL, NULL, NULL, false, true
  FROM grouped WHERE NOT effective
