"""A statement as a table of plain values, and as CSV that no spreadsheet runs."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

from billing_site.common.spreadsheets import safe_text
from catalogue.domain.rounding import show
from invoicing.domain.statements import Statement

HEADINGS = ("day", "what", "number", "invoice", "amount", "balance")

Row = tuple[date, str, str, str, Decimal | None, Decimal]


def statement_rows(statement: Statement) -> list[Row]:
    """One row an entry under HEADINGS, between the opening and the closing balance.

    What raises what is owed is positive.
    """
    opening: Row = (statement.first_on, "opening balance", "", "", None, statement.opening_balance)
    closing: Row = (statement.last_on, "closing balance", "", "", None, statement.closing_balance)
    entries: list[Row] = [
        (
            row.entry.on,
            row.entry.kind.replace("_", " "),
            row.entry.number,
            row.entry.invoice,
            row.entry.amount,
            row.balance,
        )
        for row in statement.entries
    ]
    return [opening, *entries, closing]


def statement_csv(statement: Statement) -> bytes:
    """Return the rows with the currency beside; it begins with a mark by which spreadsheets know UTF-8."""
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow([*HEADINGS, "currency"])
    for on, what, number, invoice, amount, balance in statement_rows(statement):
        numbers = ["" if amount is None else show(amount, 12), show(balance, 12)]
        lines.writerow([on, what, safe_text(number), safe_text(invoice), *numbers, statement.currency])
    return text.getvalue().encode("utf-8-sig")


def statement_name(account: str, statement: Statement) -> str:
    """Return the name of the file."""
    return f"statement-{account}-{statement.first_on}-{statement.last_on}.csv"
