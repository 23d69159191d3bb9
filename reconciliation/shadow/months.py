"""Where a month begins and ends on an account's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Return an instant as microseconds of UTC since 1970.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (instant - _EPOCH) // _MICROSECOND


def midnight(day: date, timezone: str) -> int:
    """Return the first instant of a local day; where the clock skips midnight, the first there is.

    >>> midnight(date(1970, 1, 2), "Asia/Kolkata") // 3_600_000_000
    18
    """
    naive = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))
    instant = naive.astimezone(UTC)
    if instant.astimezone(ZoneInfo(timezone)).date() < day:
        instant = naive.replace(fold=1).astimezone(UTC)
    return micros(instant)


def month_after(month: date) -> date:
    """Return the first day of the next month.

    >>> month_after(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
