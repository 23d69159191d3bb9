-- Say how far the job of an import is. Grain: one row an import; the last word stands.
-- Inputs: price_import, step, percent_done. Locks: its row. A second run writes the same again.
INSERT INTO catalogue_priceimportprogress (price_import_id, step, percent_done)
VALUES (%(price_import)s, %(step)s, %(percent_done)s)
ON CONFLICT (price_import_id) DO UPDATE SET step = excluded.step, percent_done = excluded.percent_done
