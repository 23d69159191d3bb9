"""The time zones that this machine knows."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones() -> frozenset[str]:
    """Return the IANA names; looking for them on disk takes 30 ms, so it is done once in a process."""
    return frozenset(available_timezones())
