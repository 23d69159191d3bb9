"""What the columns of a price file mean, for the company that uploads it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from catalogue.models import Company, PriceImport
from catalogue.services.price_import_findings import Finding

_OF_BOTH = ("sku", "withdraw", "valid_from", "valid_to")
_OF_PRODUCTS = ("name", "family", "category", "provider", "region", "unit", "charge_type", "cost_basis")
_OF_NEW_PRODUCTS = ("kind", "unit_factors", "aggregation", "tax_category")
WIDE_TEXTS = (*_OF_BOTH, *_OF_PRODUCTS, *_OF_NEW_PRODUCTS)
LONG_TEXTS = (*_OF_BOTH, "company", "currency", "account", "model", "tiers", "scope", "note")
# The order of the amounts of a long line, known to the SQL that reads them.
LONG_AMOUNTS = (
    *("unit_price", "fee", "package_size", "package_price", "percent", "fixed_fee"),
    *("included", "cap", "minimum"),
)
_MARKS_OF_LONG = {"company", "currency", "model", "unit_price"}
_PRICE_COLUMN = re.compile(r"(cost|price)_([a-z]{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, as it is written, and its place from 0; -1 if it is absent."""

    name: str
    written: str
    place: int


@dataclass(frozen=True, slots=True)
class Book:
    """One of the books that the amounts of a wide line go to; `number` counts the amounts from 1."""

    number: int
    company: Company
    currency: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a file. Every line is staged as its texts and its amounts, in these orders."""

    layout: str
    width: int
    texts: list[Column]
    amounts: list[Column]
    books: list[Book]

    def has(self, name: str) -> bool:
        """Tell whether the file has a column."""
        return any(column.name == name and column.place >= 0 for column in (*self.texts, *self.amounts))


def read_heading(names: Sequence[str], company: Company) -> Heading | list[Finding]:
    """Understand the heading of a file that this company uploads, or say what is wrong with it."""
    lowered = [name.lower() for name in names]
    is_long = bool(_MARKS_OF_LONG & set(lowered))
    layout = PriceImport.Layout.LONG if is_long else PriceImport.Layout.WIDE
    known = (*LONG_TEXTS, *LONG_AMOUNTS) if is_long else WIDE_TEXTS
    faults = list(_faults(names, lowered, known, layout))
    columns = [Column(name, names[place], place) for place, name in enumerate(lowered)]
    texts = [column for column in columns if column.name in (LONG_TEXTS if is_long else WIDE_TEXTS)]
    if is_long:
        found = {column.name: column for column in columns}
        amounts = [found.get(name, Column(name, name, -1)) for name in LONG_AMOUNTS]
        return faults or Heading(layout, len(names), texts, amounts, [])
    amounts = [column for column in columns if _PRICE_COLUMN.fullmatch(column.name)]
    books: list[Book] = []
    for number, column in enumerate(amounts, start=1):
        what, _, currency = column.name.partition("_")
        found_books = _books(what, currency.upper(), company, lowered)
        if isinstance(found_books, str):
            faults.append(Finding("column_not_allowed", found_books, 1, column.written))
        else:
            books += [Book(number, book, currency.upper()) for book in found_books]
    return faults or Heading(layout, len(names), texts, amounts, books)


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
    own = company.currency_id
    if company.parent is not None:
        if what == "price" and currency == own:
            return [company]
        return f"{company.code} sets only its own prices: keep the column price_{own} and remove this one."
    if what == "cost":
        if currency == own:
            return [company]
        return f"{company.code} keeps its book in {own}: name the column cost_{own.lower()}."
    offices = list(company.sales_offices.filter(currency_id=currency))
    if offices:
        return offices
    if currency == own and f"cost_{own.lower()}" not in lowered:
        return [company]  # a head office that sells from its own book
    return f"No sales office of {company.code} sells in {currency}: remove the column, or add the office."
