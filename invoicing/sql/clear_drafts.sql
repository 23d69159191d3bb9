-- Grain: one row a draft invoice of %(accounts)s and month: its lines, taxes and redemptions are taken away, so that it
-- can be drafted anew; with %(only_discounts)s only what discounts change. Nothing to do the first time.
WITH draft AS (
    SELECT id FROM invoicing_invoice WHERE account_id = ANY(%(accounts)s) AND month = %(month)s AND state = 'draft'
), lines AS (
    DELETE FROM invoicing_invoiceline l USING draft
     WHERE l.invoice_id = draft.id AND (l.kind = 'discount' OR NOT %(only_discounts)s)
), taxes AS (
    DELETE FROM invoicing_invoicetax t USING draft WHERE t.invoice_id = draft.id
)
DELETE FROM invoicing_redemption r USING draft WHERE r.invoice_id = draft.id
