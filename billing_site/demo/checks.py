"""What must hold at the end of the demo, each with what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing_site.common import sql
from billing_site.demo import datasets
from catalogue.domain.rounding import round_quantity
from catalogue.models import Company
from invoicing.models import Document, Invoice
from metering.models import EventException
from reconciliation.models import ReconciliationRun
from reconciliation.services.reconciling import COMPARISONS, reconcile

_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and in a few words what was found."""

    name: str
    held: bool
    found: str


def all_checks(offices: list[Company], *, month: date, at: datetime) -> Iterator[Check]:
    """Yield each check as it is done."""
    yield _vm_months()
    yield _no_exceptions()
    yield _invoices(offices, month)
    yield _documents(month)
    # The demo has no finance system to compare with.
    for level in [level for level in COMPARISONS if level != ReconciliationRun.Level.BILLING_TO_FINANCE]:
        yield _reconciliation(offices, month, level, at)


def _vm_months() -> Check:
    expected = {
        (row.resource, f"{row.month}-01"): (round_quantity(row.uptime_seconds), round_quantity(row.cost))
        for row in datasets.expected_months()
    }
    rated: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for row in sql.rows(
        "billing_site", "cost_of_resources_by_month", {"resources": sorted({r for r, _ in expected})}
    ):
        seconds = round_quantity(row["quantity"] * _SECONDS_AN_HOUR)
        rated[row["resource"], row["month"].isoformat()] = (seconds, round_quantity(row["amount"]))
    wrong = [key for key in expected.keys() | rated.keys() if expected.get(key) != rated.get(key)]
    return Check(
        "six VMs: up time and unrounded cost of every UTC month, at 6 decimals",
        not wrong,
        f"{len(expected)} months equal" if not wrong else f"{len(wrong)} differ, first {wrong[0]}",
    )


def _no_exceptions() -> Check:
    opened = EventException.objects.filter(closed_at=None).count()
    return Check("no exception is open", opened == 0, f"{opened} open")


def _invoices(offices: list[Company], month: date) -> Check:
    issued = Invoice.objects.filter(month=month, state=Invoice.State.ISSUED)
    billing = set(issued.values_list("company__code", flat=True))
    currencies = set(issued.values_list("currency", flat=True))
    held = len(billing) == len(offices) and len(issued) >= 2 * len(offices)
    return Check(
        "every office issued its invoices",
        held,
        f"{len(issued)} invoices, {len(billing)} offices, {len(currencies)} currencies",
    )


def _documents(month: date) -> Check:
    documents = Document.objects.filter(invoice__month=month)
    issued = Invoice.objects.filter(month=month, state=Invoice.State.ISSUED).count()
    stored = sum(1 for document in documents if document.file.storage.exists(str(document.file)))
    return Check("every invoice has its PDF on disk", stored == issued, f"{stored} of {issued}")


def _reconciliation(
    offices: list[Company], month: date, level: ReconciliationRun.Level, at: datetime
) -> Check:
    runs = [reconcile(company=office, month=month, level=level, at=at) for office in offices]
    differing = sum(run.discrepancies.count() for run in runs)
    compared = sum(run.compared for run in runs)
    return Check(
        f"reconciliation {level.label}",
        differing == 0 and compared > 0,
        f"{compared} compared, {differing} differ",
    )
