"""Hours of the local clock that a stretch touches, each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3_600_000_000

# A local hour: its date and hour, and the clock's distance from UTC then (an hour that comes twice is two).
LocalHour = tuple[datetime, timedelta | None]


def touched_hours(stretches: Iterable[tuple[int, int, str]]) -> int:
    """Return how many local hours the stretches (from, to, zone) touch together.

    >>> touched_hours([(3_540_000_000, 3_660_000_000, "UTC"), (3_700_000_000, 3_800_000_000, "UTC")])
    2
    """
    return len(set[LocalHour]().union(*(_hours(*stretch) for stretch in stretches)))


@cache
def _hours(start: int, end: int, zone: str) -> frozenset[LocalHour]:
    hours = set()
    while start < end:
        local = (_EPOCH + timedelta(microseconds=start)).astimezone(ZoneInfo(zone))
        on_the_hour = local.replace(minute=0, second=0, microsecond=0, tzinfo=None)
        hours.add((on_the_hour, local.utcoffset()))
        into_the_hour = (local.minute * 60 + local.second) * 1_000_000 + local.microsecond
        start += _HOUR - into_the_hour
    return frozenset(hours)
