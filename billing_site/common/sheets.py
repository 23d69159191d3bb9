"""Tables of a report: the same rows as a page shows them and as a file holds them, exact."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from babel.numbers import get_currency_precision

from billing_site.common.exports import safe_cell, writable
from billing_site.common.locale_formats import LocaleFormats

_ENGLISH = LocaleFormats("en", "UTC")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# What a workbook takes as the name of a sheet.
_LONGEST_NAME = 31
_NO_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in a column of a report; the currency stands in a column of its own."""

    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of a hundred; None where there is nothing to divide by."""

    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a report. Of `rows` a page shows the first, and always those of `sums`; a file holds all."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    sums: Sequence[Sequence[Any]] = ()
    note: str = ""

    def all_rows(self) -> Iterable[Sequence[Any]]:
        yield from self.rows
        yield from self.sums


@dataclass(frozen=True, slots=True)
class Cell:
    """What a page writes, and whether it stands to the right."""

    text: str
    is_number: bool = False
    is_below_zero: bool = False


def shown(value: Any) -> Cell:
    """Write a cell for people: amounts with all their decimals, at least those of the currency."""
    if isinstance(value, Amount):
        text = _ENGLISH.number(value.value, least_decimals=get_currency_precision(value.currency))
        return Cell(text, is_number=True, is_below_zero=value.value < 0)
    if isinstance(value, Percent):
        if value.value is None:
            return Cell("", is_number=True)
        text = f"{_ENGLISH.number(value.value, least_decimals=2)}{_NO_BREAK_SPACE}%"
        return Cell(text, is_number=True, is_below_zero=value.value < 0)
    if isinstance(value, Decimal):
        return Cell(_ENGLISH.number(value), is_number=True, is_below_zero=value < 0)
    if isinstance(value, int):
        return Cell(f"{value:,}", is_number=True)
    if isinstance(value, datetime):
        return Cell(f"{value:%Y-%m-%d %H:%M}")
    return Cell(value.isoformat() if isinstance(value, date) else "" if value is None else str(value))


def sheet_csv(sheet: Sheet) -> bytes:
    """Return a table as CSV that no spreadsheet runs, with a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.headings)
    for row in sheet.all_rows():
        writer.writerow([safe_cell(_exact(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def sheets_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return tables as a workbook, a sheet each; numbers are numbers where none of their digits is lost."""
    workbook = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = workbook.create_sheet(sheet.title.translate(_NO_NAME)[:_LONGEST_NAME])
        page.freeze_panes = "A2"
        page.append(list(sheet.headings))
        for row in sheet.all_rows():
            page.append([writable(safe_cell(_exact(cell), as_number=True)) for cell in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _exact(cell: Any) -> Any:
    return cell.value if isinstance(cell, Amount | Percent) else cell
