-- Grain: one row: how many keys were compared.
SELECT count(*) AS compared FROM compared
