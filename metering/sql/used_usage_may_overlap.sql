-- Grain: one row: whether any record that was collected may cover time that another one covers.
SELECT EXISTS (SELECT FROM used_usage WHERE may_overlap) AS may_overlap
