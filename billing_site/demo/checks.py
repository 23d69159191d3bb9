"""What must hold at the end of the demo, each with what was found."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from billing_site.common import sql
from billing_site.demo import datasets
from catalogue.domain.rounding import round_money, round_quantity
from catalogue.models import Company, Product
from invoicing.models import Document, Invoice, InvoiceLine
from metering.models import EventException
from reconciliation.domain.levels import LEVELS
from reconciliation.models import ReconciliationRun
from reconciliation.services.reconciling import reconcile

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
    yield _orders(month)
    yield _documents(month)
    # The head office's stream is for all offices. The demo has no finance system to compare with.
    head_offices = list(Company.objects.filter(sales_offices__in=offices).distinct())
    yield _reconciliation(head_offices, month, ReconciliationRun.Level.STREAM_TO_RECEIVED, at)
    for level in [level for level in ReconciliationRun.Level if not LEVELS[level].feed]:
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


def _orders(month: date) -> Check:
    """Each order is billed the list's price: for its days of the month, a year, or once.

    What is paid in advance for the next month is due with the month's last instant, and so is billed too.
    """
    prices = datasets.ordered_prices()
    currencies = {account.code: account.currency for account in datasets.accounts()}
    minor_units = {country.currency: country.minor_units for country in datasets.countries()}
    products = Product.objects.in_bulk(field_name="sku")
    expected: Counter[tuple[str, str, Decimal]] = Counter()
    for order in datasets.orders():
        product, currency = products[order.sku], currencies[order.account]
        shares = [Fraction(1)]  # of a year, of the one time, of the next month
        if product.cycle == Product.Cycle.MONTHLY:
            days = monthrange(month.year, month.month)[1]
            this_month = Fraction(days + 1 - order.started_on.day, days)
            shares = [this_month, *shares] if product.in_advance else [this_month]
        fee = Fraction(prices[order.sku, currency] * order.quantity)
        for share in shares:
            expected[order.account, order.code, round_money(fee * share, minor_units[currency])] += 1
    issued = Invoice.objects.filter(month=month, state=Invoice.State.ISSUED)
    account_of = dict(issued.values_list("pk", "account__code"))
    lines = InvoiceLine.objects.filter(invoice_id__in=account_of, sku__in={sku for sku, _ in prices})
    found = Counter((account_of[line.invoice_id], line.resource, line.net_amount) for line in lines)
    wrong = sorted((expected - found) + (found - expected))
    return Check(
        "orders: each on its account's invoice, at the list's price",
        bool(expected) and not wrong,
        f"{expected.total()} lines equal" if not wrong else f"{len(wrong)} differ, first {wrong[0]}",
    )


def _documents(month: date) -> Check:
    documents = Document.objects.filter(invoice__month=month)
    issued = Invoice.objects.filter(month=month, state=Invoice.State.ISSUED).count()
    stored = sum(1 for document in documents if document.file.storage.exists(str(document.file)))
    return Check("every invoice has its PDF on disk", stored == issued, f"{stored} of {issued}")


def _reconciliation(
    companies: list[Company], month: date, level: ReconciliationRun.Level, at: datetime
) -> Check:
    runs = [reconcile(company=company, month=month, level=level, at=at) for company in companies]
    differing = sum(run.discrepancies.count() for run in runs)
    compared = sum(run.compared for run in runs)
    return Check(
        f"reconciliation {level.label}",
        differing == 0 and compared > 0,
        f"{compared} compared, {differing} differ",
    )
