-- Grain: one row a promotion of %(promotions)s that has as many redemptions left as %(times)s asks, side by side with
-- them: it counts these and is locked until the transaction ends. In order of their ids, so that two that count at
-- once wait and never block each other.
UPDATE catalogue_promotion p SET redemptions = p.redemptions + asked.times
  FROM (SELECT c.id, t.times
          FROM unnest(%(promotions)s::bigint[], %(times)s::integer[]) AS t(id, times)
          JOIN catalogue_promotion c ON c.id = t.id
         ORDER BY c.id FOR UPDATE OF c) asked
 WHERE p.id = asked.id AND (p.max_redemptions IS NULL OR p.redemptions + asked.times <= p.max_redemptions)
RETURNING p.id
