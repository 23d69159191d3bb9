"""Billable time: from the stretches of a charge to hours, by the rounding that the product names (rule 2).

The stretches are already cut at the bounds of the period, of price versions and of sizes (rule 5), because
these break a stretch; what merely touches is one unbroken stretch.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from catalogue.domain.periods import Period, offset_change
from catalogue.domain.rounding import started_units

TimeRounding = Literal["exact", "started_minute", "started_hour", "clock_hour"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_MINUTE_IN_HOURS = Fraction(1, 60)


def unbroken(stretches: Iterable[Period]) -> list[Period]:
    """Join stretches that touch, in order of time; none is counted twice.

    stretches: [in any order]

    >>> noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    >>> joined = unbroken([Period(noon, noon + _HOUR), Period(noon - _HOUR, noon)])
    >>> [str(stretch.hours) for stretch in joined]
    ['2']
    """
    joined: list[Period] = []
    for stretch in sorted(stretches):
        if joined and stretch.start <= joined[-1].end:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, stretch.end))
        else:
            joined.append(stretch)
    return joined


def billable_hours(stretches: Iterable[Period], rounding: TimeRounding, zone: ZoneInfo) -> Fraction:
    """Return the billable hours of one charge, exact.

    stretches: [of one resource, SKU, item quantity and price version within one period, in any order]
    rounding: ["exact" is to the microsecond; "started_minute" and "started_hour" round each unbroken stretch
        up; "clock_hour" counts each hour of the local clock that is touched once]
    zone: [IANA, the account's; only clock_hour looks at it]

    >>> start = datetime(2026, 3, 10, 9, 59, 30, tzinfo=UTC)
    >>> minute_and_a_half = [Period(start, start + timedelta(seconds=90))]
    >>> rules = ("exact", "started_minute", "started_hour", "clock_hour")
    >>> [str(billable_hours(minute_and_a_half, rule, ZoneInfo("UTC"))) for rule in rules]
    ['1/40', '1/30', '1', '2']
    """
    joined = unbroken(stretches)
    if rounding == "clock_hour":
        return Fraction(len({hour for stretch in joined for hour in clock_hours(stretch, zone)}))
    if rounding == "started_hour":
        return Fraction(sum(started_units(stretch.hours, Fraction(1)) for stretch in joined))
    if rounding == "started_minute":
        return sum(started_units(stretch.hours, _MINUTE_IN_HOURS) for stretch in joined) * _MINUTE_IN_HOURS
    return sum((stretch.hours for stretch in joined), Fraction(0))


def clock_hours(stretch: Period, zone: ZoneInfo) -> list[datetime]:
    """Return the hours of a zone's clock that a stretch touches, each as the instant at which it strikes.

    An hour that the clock shows twice is two hours. Where a clock is set by half an hour, what it shows from
    then on is another hour, known by the instant at which the set clock would have struck it.

    stretch: [to the microsecond]
    zone: [IANA]

    >>> night = Period(datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> [f"{hour.astimezone(berlin):%H:%M}" for hour in clock_hours(night, berlin)]
    ['01:00', '03:00']
    """
    hours = []
    instant = stretch.start
    while instant < stretch.end:
        offset = instant.astimezone(zone).utcoffset() or timedelta(0)
        since_it_struck = (instant - _EPOCH + offset) % _HOUR
        struck = instant - since_it_struck
        hours.append(struck)
        next_hour = struck + _HOUR
        instant = offset_change(instant, next_hour, zone) or next_hour
    return hours
