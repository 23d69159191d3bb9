-- List the different words of a column of the staged lines, each with the first line that has it.
-- Grain: one row a word. Inputs: price_import, position of the column.
SELECT cells[%(position)s] AS word, min(line) AS line
FROM catalogue_importline
WHERE price_import_id = %(price_import)s AND cells[%(position)s] <> ''
GROUP BY cells[%(position)s]
ORDER BY line
