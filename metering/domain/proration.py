"""Proration: the part of a cycle's fee that an order owes (rules 10 and 11)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError
from catalogue.domain.periods import Cycle


class EndsBeforeItStarts(BillingError):
    """An order that ends before its first day."""

    code = "ends_before_it_starts"


def billed_part(starts_on: date, ends_on: date | None, cycle: Cycle) -> Cycle | None:
    """Return the days of a cycle in which an order is active, or None.

    The day of start counts, the day of end does not; an order that ends on its first day has that one day.

    starts_on: [local date, the order's first day]
    ends_on: [local date, exclusive, not before starts_on; None while it runs]
    cycle: [calendar month, or year of the order]

    >>> june = Cycle(date(2026, 6, 1), date(2026, 7, 1))
    >>> billed_part(date(2026, 6, 5), date(2026, 6, 5), june)
    Cycle(starts_on=datetime.date(2026, 6, 5), ends_on=datetime.date(2026, 6, 6))
    """
    if ends_on is None:
        ends_on = max(cycle.ends_on, starts_on + timedelta(days=1))
    if ends_on < starts_on:
        raise EndsBeforeItStarts(f"An order cannot end on {ends_on}: it starts on {starts_on}.")
    return Cycle(starts_on, max(ends_on, starts_on + timedelta(days=1))).overlap(cycle)


def prorated_fee(fee: Fraction | Decimal, part: Cycle, cycle: Cycle) -> Fraction:
    """Return fee x days active / days of the whole cycle, unrounded.

    fee: [money for the whole cycle, exact]
    part: [days active, inside the cycle]
    cycle: [calendar month, or year of the order]

    >>> february = Cycle(date(2028, 2, 1), date(2028, 3, 1))
    >>> prorated_fee(Decimal("100.00"), Cycle(date(2028, 2, 15), date(2028, 3, 1)), february)
    Fraction(1500, 29)
    """
    return Fraction(fee) * part.days / cycle.days
