"""Bring a customer base in: a CSV file with a line an account, all or nothing."""

import re
from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from typing import BinaryIO, cast

from django.db import transaction

from catalogue.models import Company
from catalogue.services.account_entries import FIELDS, PARTS, AccountEntry
from catalogue.services.account_saving import (
    MOST_FINDINGS,
    AccountFinding,
    AccountsRefused,
    SavedAccounts,
    save_accounts,
)
from catalogue.services.price_import_files import PriceTable, UnreadableFile, open_price_table

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
    AccountsRefused with every line that is wrong (the first thousand), AccountsOpenedMeanwhile.
    """
    findings: list[AccountFinding] = []
    saved = SavedAccounts()
    try:
        table = open_price_table(file)
        findings += _wrong_headings(table.heading, companies)
        with closing(cast("Generator[tuple[int, list[str]]]", table.lines)):
            if not findings:
                entries = _entries(table, {company.code: company for company in companies}, findings)
                saved = save_accounts(entries=entries)
    except UnreadableFile as error:
        findings.append(AccountFinding(f"line {error.line}" if error.line else "", "", error.sentence))
    except AccountsRefused as refused:
        findings += refused.findings
    if findings:
        raise AccountsRefused(sorted(findings, key=_line)[:MOST_FINDINGS])
    if dry_run:
        transaction.set_rollback(True)
    return saved


def _wrong_headings(heading: list[str], companies: Collection[Company]) -> Iterator[AccountFinding]:
    known = ", ".join(COLUMNS)
    for name in heading:
        if name not in COLUMNS and not any(pattern.fullmatch(name) for pattern in _OF_PARTS.values()):
            text = f"There is no such column; there are {known}, contact_name, contact_2_email, "
            yield AccountFinding("line 1", name, f"{text}tax_treatment_category.")
        if heading.count(name) > 1:
            yield AccountFinding("line 1", name, "This column stands twice: keep one.")
    if "code" not in heading and "external_id" not in heading:
        yield AccountFinding("line 1", "", "The file needs a column code or external_id to know accounts by.")
    if "company" not in heading and len(companies) != 1:
        yield AccountFinding(
            "line 1", "", "The file needs a column company: its codes say whose accounts these are."
        )


def _entries(
    table: PriceTable, companies: dict[str, Company], findings: list[AccountFinding]
) -> Iterator[AccountEntry]:
    """The entries of the lines that can be read; what is wrong with the others goes to the findings."""
    for number, cells in table.lines:
        place = f"line {number}"
        if len(findings) >= MOST_FINDINGS:
            return
        if len(cells) != len(table.heading):
            text = f"The line has {len(cells)} cells and the heading {len(table.heading)}."
            findings.append(AccountFinding(place, "", text))
            continue
        row = {name: cell.strip() for name, cell in zip(table.heading, cells, strict=True)}
        foreign = [name for name, cell in row.items() if not cell.isprintable() and not _is_text(cell)]
        if foreign:
            text = "This is not text in UTF-8: save the file as CSV (UTF-8)."
            findings.append(AccountFinding(place, foreign[0], text))
            continue
        code = row.pop("company", None)
        company = companies.get(code) if code is not None else next(iter(companies.values()))
        if company is None:
            text = f"There is no company {code!r} that you reach: name one of {', '.join(sorted(companies))}."
            findings.append(AccountFinding(place, "company", text))
            continue
        values = {name: cell for name, cell in row.items() if name in FIELDS}
        yield AccountEntry(company, values, _parts(row), place)


def _is_text(cell: str) -> bool:
    """Whether a cell has neither bytes of another encoding (lone surrogates) nor NUL."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in cell)


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


def _line(finding: AccountFinding) -> int:
    return int(finding.place.removeprefix("line ") or 0)
