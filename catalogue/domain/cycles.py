"""Cycles: the months and years for which an order owes its fee (rule 11)."""

from collections.abc import Iterator
from datetime import date

from catalogue.domain.periods import Cycle, month_cycle


def monthly_cycles(first: date, until: date) -> Iterator[Cycle]:
    """Yield calendar months one after the other.

    first: [local date, any day of the first month]
    until: [local date, exclusive: months that begin before it]

    >>> [cycle.days for cycle in monthly_cycles(date(2026, 1, 31), date(2026, 4, 1))]
    [31, 28, 31]
    """
    cycle = month_cycle(first)
    while cycle.starts_on < until:
        yield cycle
        cycle = month_cycle(cycle.ends_on)


def annual_cycle(anchor: date, number: int) -> Cycle:
    """Return one year of an order that runs from its start to the same day of later years.

    29 February becomes the 28th in a common year and is the 29th again in the next leap year.

    anchor: [local date, the order's start]
    number: [0 is the first year]

    >>> annual_cycle(date(2024, 2, 29), 3)
    Cycle(starts_on=datetime.date(2027, 2, 28), ends_on=datetime.date(2028, 2, 29))
    """
    return Cycle(_anniversary(anchor, number), _anniversary(anchor, number + 1))


def annual_cycles(anchor: date, until: date) -> Iterator[Cycle]:
    """Yield the years of an order one after the other.

    anchor: [local date, the order's start]
    until: [local date, exclusive: years that begin before it]

    >>> [cycle.days for cycle in annual_cycles(date(2024, 2, 29), date(2027, 3, 1))]
    [365, 365, 365, 366]
    """
    number = 0
    while (cycle := annual_cycle(anchor, number)).starts_on < until:
        yield cycle
        number += 1


def _anniversary(anchor: date, years: int) -> date:
    try:
        return anchor.replace(year=anchor.year + years)
    except ValueError:
        return date(anchor.year + years, 2, 28)
