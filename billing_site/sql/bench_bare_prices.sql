-- Make a table with the columns of prices and nothing else, for the floor of an import. A second run fails.
CREATE TABLE bench_bare_price (LIKE catalogue_price)
