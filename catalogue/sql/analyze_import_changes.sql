-- Let the planner know how large the change sets have become; its guesses cost minutes. Run as often as wanted.
ANALYZE catalogue_productchange, catalogue_pricechange
