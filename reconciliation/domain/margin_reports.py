"""What a report about margin asks, and its rows: parts that add up to the whole exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.domain.rounding import round_to
from reconciliation.domain.margin import Margin

BASES = {
    "billed": "as billed: corrections count in the month whose invoice carries them",
    "closed": "as first closed: without credit notes and corrections",
    "known": "as now known: corrections count in the month that they correct",
}
CURRENCIES = {"reporting": "the head office's currency", "local": "each sales office's own currency"}
DIMENSIONS = ("month", "company", "country", "account", "product", "family", "resource")
# These hold whole invoices, each converted and rounded once; parts of an invoice are left unrounded.
_OF_WHOLE_INVOICES = ("all", "month", "company", "country", "account")
_DECIMALS_OF_PARTS = 6


def is_unrounded(dimension: str) -> bool:
    """Tell whether the rows of a dimension are parts of invoices, converted and not rounded.

    dimension: [one of DIMENSIONS, or all]

    >>> is_unrounded("product"), is_unrounded("company")
    (True, False)
    """
    return dimension not in _OF_WHOLE_INVOICES


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One row is a key of a dimension and a currency; `detail` is its name or what tells it from others."""

    key: str
    detail: str
    margin: Margin

    @property
    def currency(self) -> str:
        return self.margin.currency


@dataclass(frozen=True, slots=True)
class MarginTable:
    """Rows, rounding and the whole: of each currency, rows and rounding add up to it."""

    rows: tuple[MarginRow, ...]
    rounding: tuple[MarginRow, ...]
    totals: tuple[MarginRow, ...]


def margin_table(rows: Sequence[MarginRow], totals: Sequence[MarginRow]) -> MarginTable:
    """Set rows beside the whole and name the difference of each currency.

    rows: [money, unrounded; they are kept to 6 decimals]
    totals: [money, one a currency, rounded as invoices are]

    >>> part = MarginRow("VM", "", Margin("USD", Decimal("72.61812"), Decimal("38.69")))
    >>> whole = MarginRow("", "", Margin("USD", Decimal("72.62"), Decimal("38.69")))
    >>> margin_table([part], [whole]).rounding[0].margin.revenue
    Decimal('0.001880')
    """
    kept = tuple(MarginRow(row.key, row.detail, _kept(row.margin)) for row in rows)
    differences = (_less(total, [row for row in kept if row.currency == total.currency]) for total in totals)
    rounding = tuple(MarginRow("rounding", "", left) for left in differences if left.revenue or left.cost)
    return MarginTable(kept, rounding, tuple(totals))


def worst(rows: Iterable[MarginRow], most: int) -> list[MarginRow]:
    """Return the rows that earn least, the lowest margin first.

    rows: [of one dimension and one currency]
    most: [how many, 1 or more]

    >>> low, high = (MarginRow(name, "", Margin("USD", Decimal(name), Decimal(1))) for name in "19")
    >>> [row.key for row in worst([high, low], 1)]
    ['1']
    """
    return sorted(rows, key=lambda row: (row.margin.margin, row.key))[:most]


def _kept(margin: Margin) -> Margin:
    revenue, cost = (round_to(amount, _DECIMALS_OF_PARTS) for amount in (margin.revenue, margin.cost))
    return Margin(margin.currency, revenue, cost)


def _less(total: MarginRow, rows: Sequence[MarginRow]) -> Margin:
    revenue = total.margin.revenue - sum((row.margin.revenue for row in rows), Decimal(0))
    cost = total.margin.cost - sum((row.margin.cost for row in rows), Decimal(0))
    return Margin(total.currency, revenue, cost)
