"""What the columns of a price file mean, for the company that uploads it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from catalogue.models import Company, PriceImport
from catalogue.services.price_import_findings import Finding

_OF_PRODUCTS = ("name", "family", "category", "provider", "region", "unit", "charge_type", "cost_basis")
_OF_NEW_PRODUCTS = ("kind", "unit_factors", "aggregation", "tax_category")
_OF_BOTH = ("sku", "withdraw", "valid_from", "valid_to")
WIDE = (*_OF_BOTH, *_OF_PRODUCTS, *_OF_NEW_PRODUCTS)
AMOUNTS = (
    "unit_price",
    "fee",
    "package_size",
    "package_price",
    "percent",
    "fixed_fee",
    "included",
    "cap",
    "minimum",
)
LONG = (*_OF_BOTH, "company", "currency", "account", "model", "tiers", "scope", "note", *AMOUNTS)
_MARKS_OF_LONG = {"company", "currency", "model", "unit_price"}
_PRICE_COLUMN = re.compile(r"(cost|price)_([a-z]{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PriceColumn:
    """A column of a wide file and one of the books it is for; `position` counts from 1."""

    position: int
    company: Company
    currency: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a file: where the known ones stand (from 1), and in a wide file the price columns."""

    layout: str
    names: list[str]
    positions: dict[str, int]
    prices: list[PriceColumn]
    cost_company: Company | None


def read_heading(names: Sequence[str], company: Company) -> Heading | list[Finding]:
    """Understand the heading of a file that this company uploads, or say what is wrong with it."""
    lowered = [name.lower() for name in names]
    layout = PriceImport.Layout.LONG if _MARKS_OF_LONG & set(lowered) else PriceImport.Layout.WIDE
    known = LONG if layout == PriceImport.Layout.LONG else WIDE
    positions = {name: place for place, name in enumerate(lowered, start=1) if name in known}
    faults = list(_faults(names, lowered, known, layout))
    prices: list[PriceColumn] = []
    if layout == PriceImport.Layout.WIDE:
        for place, name in enumerate(lowered, start=1):
            if column := _PRICE_COLUMN.fullmatch(name):
                books = _books(column[1], column[2].upper(), company, lowered)
                if isinstance(books, str):
                    faults.append(Finding("column_not_allowed", books, 1, names[place - 1]))
                else:
                    prices += [PriceColumn(place, book, column[2].upper()) for book in books]
    if faults:
        return faults
    head_office = company.parent or company
    return Heading(layout, list(names), positions, prices, head_office)


def _faults(
    names: Sequence[str], lowered: Sequence[str], known: Iterable[str], layout: str
) -> Iterable[Finding]:
    if "sku" not in lowered:
        yield Finding(
            "no_sku_column",
            "The first line must name the columns, and one of them must be sku: the columns found are "
            f"{', '.join(names)[:300]}.",
            1,
        )
        return
    for place, name in enumerate(lowered):
        if name in lowered[:place]:
            yield Finding("column_twice", f"The column {name!r} stands twice: keep one.", 1, names[place])
        elif name not in known and not (layout == "wide" and _PRICE_COLUMN.fullmatch(name)):
            likely = get_close_matches(name, [*known, "price_eur", "cost_usd"], 1)
            advice = f" Did you mean {likely[0]}?" if likely else ""
            yield Finding(
                "unknown_column",
                f"The column {name!r} is not known in a {layout} price file: remove or rename it.{advice}",
                1,
                names[place],
            )


def _books(what: str, currency: str, company: Company, lowered: Sequence[str]) -> list[Company] | str:
    """The companies in whose books a column of prices belongs, or why it cannot be taken."""
    if company.parent is not None:
        if what == "price" and currency == company.currency_id:
            return [company]
        return (
            f"{company.code} can only set its own prices: keep the column price_{company.currency_id} and "
            "remove this one."
        )
    if what == "cost":
        if currency == company.currency_id:
            return [company]
        return (
            f"{company.code} keeps its book in {company.currency_id}: name the column "
            f"cost_{company.currency_id.lower()}."
        )
    offices = list(company.sales_offices.filter(currency_id=currency).select_related("parent"))
    if offices:
        return offices
    own_cost = f"cost_{company.currency_id.lower()}"
    if currency == company.currency_id and own_cost not in lowered:
        return [company]  # a head office that sells from its own book
    return f"No sales office of {company.code} sells in {currency}: remove the column, or add the office."
