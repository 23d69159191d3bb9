"""When orders owe, and for which days: rules 10 and 11 told cycle by cycle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from reconciliation.shadow.months import month_after

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """What an order and its product say of time. cycle: monthly, annual, or "" for what is charged once."""

    started_on: date
    charged_from: date | None
    ended_on: date | None
    cycle: str
    in_advance: bool
    proration: str


@dataclass(frozen=True)
class Due:
    """A cycle that owes: the local day at whose first instant it is due, its first billed day, its share."""

    due_on: date
    cycle_start: date
    billed_from: date
    share: Fraction


def dues_in(term: Term, month: date) -> Iterator[Due]:
    """Yield the cycles whose fee falls due after the first midnight of a month, until that of the next.

    >>> monthly = Term(date(2026, 2, 15), None, None, "monthly", in_advance=False, proration="day")
    >>> [due.share for due in dues_in(monthly, date(2026, 2, 1))]
    [Fraction(1, 2)]
    """
    begins = max(term.started_on, term.charged_from or term.started_on)
    # The day of the end does not count, but a first day always does.
    ends = max(term.ended_on, term.started_on + _DAY) if term.ended_on else None
    for first, after in _cycles(term, month_after(month)):
        billed_from, billed_to = max(first, begins), min(after, ends or after)
        if billed_from >= billed_to:
            continue
        due_on = billed_from if term.in_advance and term.cycle else billed_to
        if month < due_on <= month_after(month):
            days = after - first if term.proration == "none" else billed_to - billed_from
            yield Due(due_on, first, billed_from, Fraction(days // _DAY, (after - first) // _DAY))


def _cycles(term: Term, until: date) -> Iterator[tuple[date, date]]:
    """Yield first day and day after the last of the cycles that begin on or before `until`."""
    if not term.cycle:
        yield term.started_on, term.started_on + _DAY
        return
    first = term.started_on.replace(day=1) if term.cycle == "monthly" else term.started_on
    years = 0
    while first <= until:
        years += 1
        after = month_after(first) if term.cycle == "monthly" else _years_later(term.started_on, years)
        yield first, after
        first = after


def _years_later(start: date, years: int) -> date:
    if (start.month, start.day) == (2, 29):
        return date(start.year + years, 3, 1) - _DAY
    return start.replace(year=start.year + years)
