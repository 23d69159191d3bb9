-- Grain: one row a promotion that takes something off a draft invoice.
INSERT INTO invoicing_redemption (invoice_id, promotion_id)
SELECT DISTINCT invoice_id, promotion_id FROM discount_share
