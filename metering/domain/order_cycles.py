"""Orders: which cycles are due when, and what is due of a cycle's fee (rules 10 and 11).

`order_cycles_due` in the database and the statement price_orders say the same for many orders at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from catalogue.domain.cycles import annual_cycles, monthly_cycles
from catalogue.domain.periods import Cycle, month_cycle
from catalogue.domain.price import price_quantity
from catalogue.domain.terms import PriceTerms
from metering.domain.proration import billed_part

Rhythm = Literal["monthly", "annual", "once"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OrderedTime:
    """When an order runs, and how its product is charged.

    starts_on: [local date, the first day]
    ends_on: [local date, exclusive, not before starts_on; None while it runs]
    charged_from: [local date, days before it were billed elsewhere; None: none were]
    rhythm: ["monthly" is calendar months, "annual" from starts_on to the same day, "once" its first day]
    in_advance: [whether a cycle is due when it begins; never for "once"]
    is_prorated: [whether a cycle costs its days; if not, every cycle begun costs all of them]
    """

    starts_on: date
    ends_on: date | None = None
    charged_from: date | None = None
    rhythm: Rhythm = "monthly"
    in_advance: bool = False
    is_prorated: bool = True


@dataclass(frozen=True, slots=True)
class DueCycle:
    """A cycle of an order that owes something.

    cycle: [calendar month, year of the order, or the day of what is charged once]
    part: [days of the cycle that are billed]
    due_on: [local date: due at its first instant]
    share: [of the cycle's fee that is due, above 0, at most 1]
    """

    cycle: Cycle
    part: Cycle
    due_on: date
    share: Fraction

    @property
    def month(self) -> date:
        """The month that it is charged in: the first that ends when it is due, or later [its first day]."""
        return month_cycle(self.due_on - _DAY).starts_on


def due_cycles(order: OrderedTime, until: date) -> Iterator[DueCycle]:
    """Yield the cycles of an order that are due by a day, in order.

    order: [when it runs]
    until: [local date: those due by its first instant]

    >>> yearly = OrderedTime(date(2024, 2, 29), date(2026, 3, 10), rhythm="annual")
    >>> [(str(due.due_on), str(due.share)) for due in due_cycles(yearly, date(2027, 1, 1))]
    [('2025-02-28', '1'), ('2026-02-28', '1'), ('2026-03-10', '2/73')]
    """
    for cycle in _cycles(order, until + _DAY):
        part = _charged_part(order, cycle)
        if part is None:
            continue
        due_on = part.starts_on if order.in_advance and order.rhythm != "once" else part.ends_on
        if due_on <= until:
            share = Fraction(part.days, cycle.days) if order.is_prorated else Fraction(1)
            yield DueCycle(cycle, part, due_on, share)


def fee_of_cycle(terms: PriceTerms, ordered: Sequence[tuple[Decimal, Fraction]]) -> Fraction:
    """Return what is due of a cycle's fee: what the price makes of the quantity, times the share of days.

    Several orders are charged together where the price's scope is the account: the quantities make one fee,
    and each order owes its share of it by quantity and days.

    terms: [in force at the first instant of the billed part]
    ordered: [quantity, above 0, and share, above 0 and at most 1, of each order]

    >>> from catalogue.domain.price_models import PerUnit
    >>> thirds = [(Decimal(2), Fraction(1)), (Decimal(1), Fraction(14, 28))]
    >>> fee_of_cycle(PriceTerms(PerUnit(Decimal(30))), thirds)
    Fraction(75, 1)
    """
    quantity = sum((Fraction(of_one) for of_one, _ in ordered), Fraction(0))
    due = sum((Fraction(of_one) * share for of_one, share in ordered), Fraction(0))
    return price_quantity(terms, quantity).amount * due / quantity


def _cycles(order: OrderedTime, until: date) -> Iterator[Cycle]:
    """Yield the cycles that begin before a day."""
    if order.rhythm == "monthly":
        yield from monthly_cycles(order.starts_on, until)
    elif order.rhythm == "annual":
        yield from annual_cycles(order.starts_on, until)
    else:
        yield Cycle(order.starts_on, order.starts_on + _DAY)


def _charged_part(order: OrderedTime, cycle: Cycle) -> Cycle | None:
    part = billed_part(order.starts_on, order.ends_on, cycle)
    if part is None or order.charged_from is None or order.charged_from <= part.starts_on:
        return part
    return Cycle(order.charged_from, part.ends_on) if order.charged_from < part.ends_on else None
