"""Invoices as another billing system exports them: which of its columns means what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reconciliation.domain import cells as read
from reconciliation.domain.cells import WrongCell

REQUIRED = ("number", "account", "issued_on", "amount")
OPTIONAL = ("currency", "status")
_PARTS = {
    "iso": re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ].*)?", re.ASCII),
    "dmy": re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})(?: .*)?", re.ASCII),
    "mdy": re.compile(r"(?P<month>\d{1,2})[./-](?P<day>\d{1,2})[./-](?P<year>\d{4})(?: .*)?", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """How an export is read.

    names: [what is meant -> the export's column; REQUIRED, and any of OPTIONAL]. date_order: [iso, dmy or
    mdy; a time after the day is left out]. account_is: [code, or external_id: of the account]. matches_by:
    [number, where the system issues under our numbers, or account: sums of the days compared].
    ignored_statuses: [lines with one of them are no invoices; compared without regard to case]
    """

    names: Mapping[str, str]
    date_order: str = "iso"
    account_is: str = "code"
    matches_by: str = "account"
    ignored_statuses: Sequence[str] = field(default_factory=tuple)


# Saved for a company under these names when they are used first.
PRESETS = {
    "jBilling": Columns(
        names={
            "number": "public_number",
            "account": "user_id",
            "issued_on": "create_datetime",
            "amount": "total",
            "currency": "currency",
            "status": "deleted",
        },
        account_is="external_id",
        ignored_statuses=("1", "true"),
    ),
    "WHMCS": Columns(
        names={
            "number": "invoicenum",
            "account": "userid",
            "issued_on": "date",
            "amount": "total",
            "currency": "currencycode",
            "status": "status",
        },
        account_is="external_id",
        matches_by="number",
        ignored_statuses=("Draft", "Cancelled"),
    ),
}


@dataclass(frozen=True, slots=True)
class ExportedInvoice:
    """An invoice of another system.

    number: [its own]. account: [as the system knows it]. currency: ["": the account's]. amount: [gross, any
    sign]
    """

    number: str
    account: str
    issued_on: date
    currency: str
    amount: Decimal


def read_exported(cells: Mapping[str, str], columns: Columns) -> ExportedInvoice | None:
    """Read a line of an export; None for one that is no invoice by its status.

    cells: [texts by the export's columns]. columns: [what they mean]. Raises WrongCell.

    >>> line = {"invoicenum": "7", "userid": "1", "date": "2026-04-03", "total": "119.00", "status": "Paid"}
    >>> read_exported(line, PRESETS["WHMCS"]).amount
    Decimal('119.00')
    >>> read_exported(line | {"status": "cancelled"}, PRESETS["WHMCS"])
    """
    names = columns.names
    status = cells.get(names.get("status", ""), "")
    if status.casefold() in {ignored.casefold() for ignored in columns.ignored_statuses}:
        return None
    amount = read.number(cells, names["amount"])
    if amount is None:
        raise WrongCell(names["amount"], "It is empty: every invoice has an amount.")
    return ExportedInvoice(
        number=read.text(cells, names["number"], longest=60),
        account=read.text(cells, names["account"], longest=100),
        issued_on=_day(cells.get(names["issued_on"], ""), names["issued_on"], columns.date_order),
        currency=read.optional_text(cells, names.get("currency", ""), longest=3),
        amount=amount,
    )


def _day(text: str, column: str, date_order: str) -> date:
    parts = _PARTS[date_order].fullmatch(text)
    try:
        if parts is None:
            raise ValueError(text)
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError as error:
        raise WrongCell(
            column, f"{text!r} is no day written {date_order}: mend it or the mapping."
        ) from error
