"""Periods: local midnights, ranges of days and instants, billing months (rule 1).

A `Cycle` is a range of local days, a `Period` a range of instants; both are half-open. Instants are kept in
UTC, because Python subtracts two wall clock times of one zone without looking at the clock changes between.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from billing_site.common.errors import BillingError

_MONTH = re.compile(r"([1-8]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_MICROSECONDS_AN_HOUR = 3_600_000_000


class InvalidPeriod(BillingError):
    """A stretch of time that ends before it starts, or is not written as one."""

    code = "invalid_period"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One stretch of time `[start, end)`.

    start: [instant with a zone, to the microsecond; kept in UTC]
    end: [instant with a zone, after start; the first one outside]

    >>> hour = datetime(2026, 3, 10, 9, 59, 30, tzinfo=UTC)
    >>> Period(hour, hour + timedelta(seconds=90)).hours
    Fraction(1, 40)
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise InvalidPeriod(f"{self.start} to {self.end} needs a time zone.")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise InvalidPeriod(f"A period must end after it starts: {self.start} to {self.end}.")

    @property
    def microseconds(self) -> int:
        """Its length [microseconds, above 0, exact]."""
        return (self.end - self.start) // timedelta(microseconds=1)

    @property
    def hours(self) -> Fraction:
        """Its length [hours, above 0, exact]."""
        return Fraction(self.microseconds, _MICROSECONDS_AN_HOUR)

    def contains(self, instant: datetime) -> bool:
        """Tell whether an instant [with a zone] lies in it."""
        return self.start <= instant < self.end

    def overlap(self, other: "Period") -> "Period | None":
        """Return the stretch that lies in both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None


@dataclass(frozen=True, slots=True, order=True)
class Cycle:
    """One range of local days: the first day counts, the last one does not.

    starts_on: [local date, the first day]
    ends_on: [local date, after starts_on; the first day outside]

    >>> Cycle(date(2028, 2, 1), date(2028, 3, 1)).days
    29
    """

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on:
            raise InvalidPeriod(f"A cycle must end after it starts: {self.starts_on} to {self.ends_on}.")

    @property
    def days(self) -> int:
        """Its length [calendar days, 1 or more, whatever the clock does]."""
        return (self.ends_on - self.starts_on).days

    def overlap(self, other: "Cycle") -> "Cycle | None":
        """Return the days that lie in both, or None."""
        starts_on, ends_on = max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on)
        return Cycle(starts_on, ends_on) if starts_on < ends_on else None

    def period(self, zone: ZoneInfo) -> Period:
        """Return its instants, from local midnight to local midnight in that zone [IANA]."""
        return Period(local_midnight(self.starts_on, zone), local_midnight(self.ends_on, zone))


def offset_change(after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant in `(after, until]` at which a zone's clock is changed, or None.

    after: [instant in UTC]
    until: [instant in UTC, after it by no more than a few days: one change at most is looked for]
    zone: [IANA]

    >>> night = datetime(2026, 3, 29, tzinfo=UTC)
    >>> offset_change(night, night + _DAY, ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    before = after.astimezone(zone).utcoffset()
    if until.astimezone(zone).utcoffset() == before:
        return None
    after, until = after.replace(microsecond=0), until.replace(microsecond=0)
    while until - after > _SECOND:
        middle = after + (until - after) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            after = middle
        else:
            until = middle
    return until


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day, in UTC.

    Where the clock strikes midnight twice it is the first time; where it jumps over midnight it is the
    instant of the jump.

    day: [local date]
    zone: [IANA]

    >>> local_midnight(date(2026, 4, 1), ZoneInfo("Asia/Kolkata")).isoformat()
    '2026-03-31T18:30:00+00:00'
    >>> local_midnight(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")).isoformat()
    '2018-11-04T03:00:00+00:00'
    """
    wall = datetime.combine(day, time.min, tzinfo=zone)
    midnight = wall.astimezone(UTC)
    if midnight.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return midnight
    with_the_later_offset = wall.replace(fold=1).astimezone(UTC)
    return offset_change(with_the_later_offset, midnight, zone) or midnight


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the local day whose instants, from its first to the next day's first, hold this one.

    instant: [with a zone]
    zone: [IANA]

    >>> local_date(datetime(2026, 3, 31, 13, 30, tzinfo=UTC), ZoneInfo("Australia/Sydney"))
    datetime.date(2026, 4, 1)
    """
    day = instant.astimezone(zone).date()
    # A clock that is set back over midnight shows the old date again after the new day has begun.
    return day + _DAY if instant >= local_midnight(day + _DAY, zone) else day


def month_cycle(month: date | str) -> Cycle:
    """Return the days of a calendar month.

    month: [any day in it, or text as 2026-03]

    >>> month_cycle("2026-02").days
    28
    """
    if isinstance(month, str):
        written = _MONTH.fullmatch(month)
        if not written:
            raise InvalidPeriod(f"{month!r} is not a month: write it as 2026-03.")
        month = date(int(written[1]), int(written[2]), 1)
    first = date(month.year, month.month, 1)
    return Cycle(first, (first + 31 * _DAY).replace(day=1))


def months_before(month: date, number: int) -> date:
    """Return the first day of the month that lies so many months before.

    month: [any day in it, after the year 1000]
    number: [months, 0 to 10,000]

    >>> months_before(date(2026, 2, 28), 3)
    datetime.date(2025, 11, 1)
    """
    counted = month.year * 12 + month.month - 1 - number
    return date(counted // 12, counted % 12 + 1, 1)


def billing_period(month: date | str, zone: ZoneInfo) -> Period:
    """Return the instants of a billing month, from local midnight to local midnight.

    month: [any day in it, or text as 2026-03]
    zone: [IANA, the account's]

    >>> billing_period("2026-03", ZoneInfo("America/New_York")).hours
    Fraction(743, 1)
    """
    return month_cycle(month).period(zone)


def period_of(instant: datetime, zone: ZoneInfo) -> Period:
    """Return the billing month that an instant falls into; every instant lies in exactly one.

    instant: [with a zone]
    zone: [IANA, the account's]

    >>> period_of(datetime(2026, 6, 1, tzinfo=UTC), ZoneInfo("America/Los_Angeles")).end.isoformat()
    '2026-06-01T07:00:00+00:00'
    """
    return billing_period(local_date(instant, zone), zone)
