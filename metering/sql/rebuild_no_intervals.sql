-- Grain: none: the intervals of touched resources, as cut_intervals tells them, where no resource is touched.
CREATE TEMP TABLE rebuilt_interval (LIKE metering_resourceinterval) ON COMMIT DROP
