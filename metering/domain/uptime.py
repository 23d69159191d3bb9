"""Up time: how long a resource was active, and how much of what it had, by local day and month."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from catalogue.domain.periods import Cycle, Period, local_date, month_cycle


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a life, as its owner's clock sees it.

    period: [while it lasted, up to the instant until which time is counted]
    zone: [IANA, of the account that had the resource]
    items: [SKU and quantity of each part; none: it was not active]
    is_active: [suspended and stopped are not up]
    """

    period: Period
    zone: ZoneInfo
    is_active: bool
    items: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class UpTime:
    """What a local day or month comes to.

    starts_on: [its first local day]
    up: [hours active, exact]
    lived: [hours in any state, exact]
    item_hours: [SKU -> quantity x hours active, exact; of what is made of parts, one for each]
    """

    starts_on: date
    up: Fraction
    lived: Fraction
    item_hours: dict[str, Fraction]


def by_month(stretches: Iterable[Stretch]) -> list[UpTime]:
    """Return one row a local month in which the resource lived, in order.

    stretches: [of one resource, none over another]

    >>> from datetime import UTC, datetime
    >>> night = Period(datetime(2026, 3, 31, 20, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    >>> berlin = Stretch(night, ZoneInfo("Europe/Berlin"), True, (("RAM", Decimal(4)),))
    >>> [(month.starts_on.month, str(month.up), str(month.item_hours["RAM"])) for month in by_month([berlin])]
    [(3, '2', '8'), (4, '2', '8')]
    """
    return _add_up(_pieces(stretches, month_cycle))


def by_day(stretches: Iterable[Stretch], month: date) -> list[UpTime]:
    """Return one row a local day of a month in which the resource lived, in order.

    stretches: [of one resource, none over another]
    month: [any day in it]

    >>> from datetime import UTC, datetime
    >>> night = Period(datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
    >>> stretch = Stretch(night, ZoneInfo("Europe/Berlin"), True)
    >>> [(str(day.starts_on), str(day.up)) for day in by_day([stretch], date(2026, 3, 1))]
    [('2026-03-29', '22'), ('2026-03-30', '2')]
    """
    days = month_cycle(month)
    inside = [
        Stretch(part, stretch.zone, stretch.is_active, stretch.items)
        for stretch in stretches
        if (part := stretch.period.overlap(days.period(stretch.zone)))
    ]
    return _add_up(_pieces(inside, lambda day: Cycle(day, date.fromordinal(day.toordinal() + 1))))


def _pieces(
    stretches: Iterable[Stretch], cycle_of: Callable[[date], Cycle]
) -> Iterator[tuple[date, Stretch, Fraction]]:
    """Cut stretches at the bounds of local cycles."""
    for stretch in stretches:
        cycle = cycle_of(local_date(stretch.period.start, stretch.zone))
        while part := stretch.period.overlap(cycle.period(stretch.zone)):
            yield cycle.starts_on, stretch, part.hours
            cycle = cycle_of(cycle.ends_on)


def _add_up(pieces: Iterable[tuple[date, Stretch, Fraction]]) -> list[UpTime]:
    found: dict[date, UpTime] = {}
    for starts_on, stretch, hours in pieces:
        before = found.get(starts_on) or UpTime(starts_on, Fraction(0), Fraction(0), {})
        up = hours if stretch.is_active else Fraction(0)
        items = dict(before.item_hours)
        for sku, quantity in stretch.items if stretch.is_active else ():
            items[sku] = items.get(sku, Fraction(0)) + Fraction(quantity) * up
        found[starts_on] = UpTime(starts_on, before.up + up, before.lived + hours, items)
    return [found[day] for day in sorted(found)]
