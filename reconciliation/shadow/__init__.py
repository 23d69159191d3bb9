"""The independent rater: from raw events and price entries to amounts, by other means than metering.

It shares no code, SQL or working table with `metering` or `catalogue/domain`: what both get wrong in the same
way nobody would notice. The rules are those of FORMAT.md, told a second time.
"""
