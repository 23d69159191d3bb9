-- Grain: one row an account under the head office %(head_office)s: who sells to it, who sells to the seller (null:
-- nobody), in which currencies with how many decimals, and its time zone.
SELECT a.id, a.code, a.timezone, s.id AS seller_id, a.currency AS sell_currency, sc.minor_units AS sell_places,
       s.parent_id AS buyer_id, h.currency AS cost_currency, hc.minor_units AS cost_places
  FROM catalogue_account a
  JOIN catalogue_company s ON s.id = a.company_id
  JOIN catalogue_currency sc ON sc.code = a.currency
  LEFT JOIN catalogue_company h ON h.id = s.parent_id
  LEFT JOIN catalogue_currency hc ON hc.code = h.currency
 WHERE coalesce(s.parent_id, s.id) = %(head_office)s
