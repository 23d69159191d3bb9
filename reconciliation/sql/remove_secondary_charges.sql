-- Grain: one row a charge of an earlier second rating of the companies %(companies)s and %(month)s.
DELETE FROM reconciliation_secondarycharge WHERE company_id = ANY(%(companies)s) AND month = %(month)s
