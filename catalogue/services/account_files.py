"""Bring a customer base in: a CSV file with a line an account, all or nothing."""

import re
from collections.abc import Collection, Iterator
from typing import BinaryIO

from django.db import transaction

from billing_site.common.tables import Table, TableRefused, WrongLine, open_table
from catalogue.models import Company
from catalogue.services.account_entries import FIELDS, PARTS, AccountEntry
from catalogue.services.account_saving import SavedAccounts, save_accounts

COLUMNS = ("company", *FIELDS)
# contact_email is the first one's; contact_2_email the second's.
_OF_PARTS = {
    kind: re.compile(rf"{known.name.replace(' ', '_')}(?:_([1-9]))?_({'|'.join(known.fields)})", re.ASCII)
    for kind, known in PARTS.items()
}


@transaction.atomic
def import_accounts(
    *, file: BinaryIO, companies: Collection[Company], dry_run: bool = False
) -> SavedAccounts:
    """Open and change the accounts of a file, as save_accounts does; a second time it changes nothing.

    One column a field of FIELDS, `company` (its code; may be missing where there is only one), and
    `contact_name`, `contact_2_email`, `tax_treatment_category` and so on. A column that is missing leaves
    what stands, an empty cell empties it; only name, country, time zone, locale, terms and external id then
    stay. `companies` are those that the caller reaches. A dry run leaves nothing behind. Raises
    TableRefused with every line that is wrong (the first thousand), AccountsOpenedMeanwhile.
    """
    saved = SavedAccounts()
    with open_table(file) as table:
        _check_heading(table, companies)
        try:
            saved = save_accounts(entries=_entries(table, {company.code: company for company in companies}))
        except TableRefused as refused:
            table.findings += refused.findings
    if dry_run:
        transaction.set_rollback(True)
    return saved


def _check_heading(table: Table, companies: Collection[Company]) -> None:
    known = ", ".join(COLUMNS)
    for name in dict.fromkeys(table.heading):
        if name not in COLUMNS and not any(pattern.fullmatch(name) for pattern in _OF_PARTS.values()):
            text = f"There is no such column; there are {known}, contact_name, contact_2_email, "
            table.findings.append(WrongLine(1, name, f"{text}tax_treatment_category."))
        elif table.heading.count(name) > 1:
            table.findings.append(WrongLine(1, name, "This column stands twice: keep one."))
    if "code" not in table.heading and "external_id" not in table.heading:
        text = "The file needs a column code or external_id to know accounts by."
        table.findings.append(WrongLine(1, "", text))
    if "company" not in table.heading and len(companies) != 1:
        text = "The file needs a column company: its codes say whose accounts these are."
        table.findings.append(WrongLine(1, "", text))


def _entries(table: Table, companies: dict[str, Company]) -> Iterator[AccountEntry]:
    """The entries of the lines that can be read; what is wrong with the others goes to the findings."""
    for number, line in table.lines(may_be_none=True):
        row = dict(line)
        code = row.pop("company", None)
        company = companies.get(code) if code is not None else next(iter(companies.values()))
        if company is None:
            text = f"There is no company {code!r} that you reach: name one of {', '.join(sorted(companies))}."
            table.findings.append(WrongLine(number, "company", text))
            continue
        values = {name: cell for name, cell in row.items() if name in FIELDS}
        yield AccountEntry(company, values, _parts(row), number)


def _parts(row: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """The contacts and tax treatments that a line names, by kind; a kind without a column is missing."""
    parts: dict[str, dict[str, dict[str, str]]] = {}
    for name, cell in row.items():
        for kind, pattern in _OF_PARTS.items():
            if match := pattern.fullmatch(name):
                parts.setdefault(kind, {}).setdefault(match[1] or "1", {})[match[2]] = cell
    return {
        kind: [part for _, part in sorted(numbered.items()) if any(part.values())]
        for kind, numbered in parts.items()
    }
