-- Let the planner know how many lines were staged; its guesses cost minutes. Run as often as wanted.
ANALYZE catalogue_importline
