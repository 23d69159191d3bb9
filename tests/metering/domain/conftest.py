"""The first look at a time zone reads a file: no deadline for a generated example."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
