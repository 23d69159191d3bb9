"""The same rows for people and for files."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from billing_site.common.sheets import Amount, Percent, Sheet, sheet_csv, sheets_workbook, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Amount(Decimal("1234.5"), "USD"), "1,234.50"),
        (Amount(Decimal("72.618120"), "USD"), "72.61812"),
        (Amount(Decimal("40662"), "JPY"), "40,662"),
        (Amount(Decimal("-0.5"), "KWD"), "-0.500"),
        (Percent(Decimal("46.7")), "46.70\xa0%"),
        (Percent(None), ""),
        (1200, "1,200"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 12, 30, tzinfo=UTC), "2026-01-31 12:30"),
        (None, ""),
        ("VM", "VM"),
    ],
    ids=repr,
)
def test_a_cell_for_people(value, text):
    assert shown(value).text == text


def test_what_is_below_zero_is_marked():
    assert shown(Amount(Decimal("-1"), "USD")).is_below_zero
    assert not shown(Amount(Decimal("0"), "USD")).is_below_zero
    assert shown(Decimal("1")).is_number
    assert not shown("1").is_number


def test_a_file_holds_all_rows_exact_and_no_formula():
    sheet = Sheet("=Sums/[1]", ["name", "amount"], [("=1+1", Amount(Decimal("0.123456789012345678"), "USD"))])
    sheet = Sheet(sheet.title, sheet.headings, sheet.rows, sums=[("all", Amount(Decimal("2.50"), "USD"))])
    assert sheet_csv(sheet).decode("utf-8-sig").splitlines() == [
        "name,amount",
        "'=1+1,0.123456789012345678",
        "all,2.5",
    ]
    (page,) = openpyxl.load_workbook(BytesIO(sheets_workbook([sheet]))).worksheets
    assert page.title == "=Sums  1 "
    assert [[cell.value for cell in row] for row in page.rows] == [
        ["name", "amount"],
        ["'=1+1", "0.123456789012345678"],
        ["all", 2.5],
    ]
