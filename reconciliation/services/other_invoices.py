"""Take in another billing system's invoices: an export's days as a whole, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from billing_site.common.errors import BillingError
from billing_site.common.tables import Line, WrongLine, open_table
from catalogue.models import Account, Company
from reconciliation.domain.cells import WrongCell
from reconciliation.domain.exports import PRESETS, REQUIRED, ExportedInvoice, read_exported
from reconciliation.models import ExportMapping, OtherInvoice


class UnknownMapping(BillingError):
    """No mapping of that name is saved, and there is no preset of it."""

    code = "unknown_mapping"


@dataclass(slots=True)
class StoredInvoices:
    """How many invoices are new, other than before, gone, the same; and how many lines are no invoice."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return (
            f"{self.new} new, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged, "
            f"{self.skipped} no invoices"
        )


@transaction.atomic
def mapping_of(*, company: Company, name: str) -> ExportMapping:
    """Return the company's mapping of a name; a preset is saved when used first. Raises UnknownMapping."""
    saved = ExportMapping.objects.filter(company=company, name=name).first()
    if saved is not None:
        return saved
    preset = PRESETS.get(name)
    if preset is None:
        saved_names = ExportMapping.objects.filter(company=company).values_list("name", flat=True)
        known = ", ".join(sorted({*PRESETS, *saved_names}))
        raise UnknownMapping(f"{company.code} has no mapping {name!r}; there are {known}.")
    mapping, _ = ExportMapping.objects.get_or_create(
        company=company,
        name=name,
        defaults={
            "columns": dict(preset.names),
            "date_order": preset.date_order,
            "account_is": preset.account_is,
            "matches_by": preset.matches_by,
            "ignored_statuses": list(preset.ignored_statuses),
        },
    )
    return mapping


@transaction.atomic
def take_export(*, mapping: ExportMapping, file: BinaryIO, dry_run: bool = False) -> StoredInvoices:
    """Take in a CSV export; the same one again changes nothing.

    It replaces the system's invoices from the first day in it to the last; columns that the mapping does not
    name are left out. Raises TableRefused with all that is wrong, by line and column.
    """
    company = Company.objects.select_for_update(no_key=True).get(pk=mapping.company_id)
    stored = StoredInvoices()
    with open_table(file) as table:
        names = mapping.how.names
        table.check_heading(required=[names[name] for name in REQUIRED])
        read = list(_read(table.lines(), mapping, table.findings, stored))
        invoices = list(_invoices(read, mapping, company, table.findings))
    if invoices:
        _store(mapping, invoices, stored)
    if dry_run:
        transaction.set_rollback(True)
    return stored


def _read(
    lines: Iterable[Line], mapping: ExportMapping, findings: list[WrongLine], stored: StoredInvoices
) -> Iterator[tuple[int, ExportedInvoice]]:
    how = mapping.how
    for number, cells in lines:
        try:
            exported = read_exported(cells, how)
        except WrongCell as refusal:
            findings.append(WrongLine(number, refusal.column, refusal.sentence))
            continue
        if exported is None:
            stored.skipped += 1
        else:
            yield number, exported


def _invoices(
    read: list[tuple[int, ExportedInvoice]],
    mapping: ExportMapping,
    company: Company,
    findings: list[WrongLine],
) -> Iterator[OtherInvoice]:
    names, by = mapping.how.names, mapping.account_is
    listed = Account.objects.filter(company=company, **{f"{by}__in": {one.account for _, one in read}})
    accounts = {getattr(account, by): account for account in listed}
    seen: dict[str, int] = {}
    for line, exported in read:
        account = accounts.get(exported.account)
        first = seen.setdefault(exported.number, line)
        if account is None:
            text = f"{company.code} has no account whose {by.replace('_', ' ')} is {exported.account!r}."
            findings.append(WrongLine(line, names["account"], text))
        elif exported.currency not in ("", account.currency_id):
            text = f"{account.code} is billed in {account.currency_id}, not in {exported.currency}."
            findings.append(WrongLine(line, names["currency"], text))
        elif first != line:
            text = f"The invoice {exported.number} stands on line {first}, too: keep one."
            findings.append(WrongLine(line, names["number"], text))
        else:
            yield OtherInvoice(
                mapping=mapping,
                company=company,
                account=account,
                number=exported.number,
                issued_on=exported.issued_on,
                currency=account.currency_id,
                amount=exported.amount,
            )


def _store(mapping: ExportMapping, invoices: list[OtherInvoice], stored: StoredInvoices) -> None:
    """Make what stands for the export's days what it says; count what that changed."""
    days = [invoice.issued_on for invoice in invoices]
    of_system = OtherInvoice.objects.filter(mapping=mapping)
    numbers = [invoice.number for invoice in invoices]
    gone = of_system.filter(issued_on__range=(min(days), max(days))).exclude(number__in=numbers)
    standing = {row.number: row for row in of_system.filter(number__in=numbers)}
    new, changed = [], []
    for invoice in invoices:
        row = standing.get(invoice.number)
        if row is None:
            new.append(invoice)
        elif _content(row) != _content(invoice):
            invoice.pk = row.pk
            changed.append(invoice)
    stored.removed = gone.delete()[0]
    OtherInvoice.objects.bulk_create(new, batch_size=5000)
    fields = ["account", "issued_on", "currency", "amount"]
    OtherInvoice.objects.bulk_update(changed, fields, batch_size=1000)
    stored.new, stored.changed = len(new), len(changed)
    stored.unchanged = len(invoices) - len(new) - len(changed)


def _content(invoice: OtherInvoice) -> tuple[object, ...]:
    return invoice.account_id, invoice.issued_on, invoice.currency, invoice.amount
