"""A month's margin as a person looks at it: by one dimension, over time, restated, and what earns least."""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue.domain.periods import months_before
from catalogue.selectors.reach import Caller
from reconciliation.domain.margin import Margin
from reconciliation.domain.margin_reports import MarginRow, MarginTable, worst
from reconciliation.selectors.margin_reports import MarginQuestion, margin_tables

_MONTHS_OF_TREND = 12
_WORST = 10


@dataclass(frozen=True, slots=True)
class Restated:
    """One row is a month and currency: as it was first closed beside as it is now known."""

    month: str
    closed: Margin
    known: Margin


@dataclass(frozen=True, slots=True)
class MarginOverview:
    """`table` answers the question; the others have the same narrowing, currency and basis.

    `trend` has one row a month and currency, at least twelve months back; `restated` the same months; `worst`
    one row a product and currency, of the asked months, the lowest margin first.
    """

    table: MarginTable
    trend: tuple[MarginRow, ...]
    restated: tuple[Restated, ...]
    worst: tuple[MarginRow, ...]


def margin_overview(caller: Caller, question: MarginQuestion) -> MarginOverview:
    """Return the overview of a question within the caller's reach; as margin_tables, from one collection."""
    first = min(question.first_month, months_before(question.last_month, _MONTHS_OF_TREND - 1))
    by_month = replace(question, by="month", first_month=first)
    bases = [replace(by_month, basis=basis) for basis in ("closed", "known")]
    by_product = replace(question, by="product")
    table, trend, closed, known, products = margin_tables(caller, [question, by_month, *bases, by_product])
    restated = _restated(closed.rows, known.rows)
    return MarginOverview(table, trend.rows, restated, tuple(worst(products.rows, _WORST)))


def _restated(closed: tuple[MarginRow, ...], known: tuple[MarginRow, ...]) -> tuple[Restated, ...]:
    was = {(row.key, row.currency): row.margin for row in closed}
    found = {(row.key, row.currency): row.margin for row in known}
    return tuple(
        Restated(
            month,
            was.get((month, currency), Margin.nothing(currency)),
            found.get((month, currency), Margin.nothing(currency)),
        )
        for month, currency in sorted(was.keys() | found.keys())
    )
