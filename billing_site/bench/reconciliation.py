"""How quickly a month is rated again and compared, beside the first rating and one scan of the same rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Sum

from billing_site.bench.figures import Figure
from billing_site.bench.memory import can_be_measured, peak_memory_here
from billing_site.bench.rating import AS_OF, empty_charges, set_up
from billing_site.bench.timing import ROUNDS, Clock
from billing_site.common import sql
from billing_site.scenarios.databases import scenario_databases
from catalogue.models import Company
from invoicing.services.bill_runs import run_bill_run
from metering.models import AccountPeriod, Charge
from metering.services.rating import rate_periods
from reconciliation.models import ReconciliationRun, SecondaryCharge
from reconciliation.services.reconciling import reconcile
from reconciliation.services.second_rating import rate_month_again

# 1.8 items or records a resource, two sides each: a little over 1,000,000 charges.
ROWS = 250_000
SCANS = 3
MEGABYTES = 2_000
_ACCOUNTS_A_RESOURCE = 0.4
_MONTH = date(2026, 3, 1)
_CUTOFF = datetime(2026, 4, 2, tzinfo=UTC)
_LEVELS = (
    ReconciliationRun.Level.RECEIVED_TO_RATED,
    ReconciliationRun.Level.RATED_TO_INVOICED,
    ReconciliationRun.Level.PRIMARY_TO_SECONDARY,
)
# Table, key of the level that reads it, measure.
_SCANNED = (
    ("metering_usageevent", "resource, sku", "quantity"),
    ("metering_resourceinterval", "account_id, resource_id", "cardinality(quantities)"),
    ("metering_charge", "account_id, resource_id, product_id", "net_amount"),
    ("invoicing_invoiceline", "charge_id", "net_amount"),
    ("reconciliation_secondarycharge", "account_id, resource, product_id", "charge_amount"),
)


class NotTheSame(RuntimeError):
    """The two ratings that are to be compared differ."""


def figures(rows: int = ROWS) -> list[Figure]:
    """Rate a month twice and compare it on levels 2 to 4; medians of interleaved runs.

    rows: how many resources.
    """
    clock = Clock()
    with scenario_databases() as databases, databases.copy():
        set_up(resources=rows, accounts=int(rows * _ACCOUNTS_A_RESOURCE))
        sql.run("billing_site", "bench_births", {"resources": rows})
        _execute("VACUUM ANALYZE")
        office = Company.objects.exclude(parent=None).get()
        periods = list(AccountPeriod.objects.values_list("pk", flat=True))
        for _ in range(ROUNDS):
            empty_charges()
            clock.take("first rating", lambda: rate_periods(periods, as_of=AS_OF))
            clock.take("second rating", lambda: _rate_again(office))
        _same_amounts()
        empty_charges()
        run_bill_run(company=office, month=_MONTH, cutoff=_CUTOFF, issued_on=_CUTOFF.date())
        _rate_again(office)
        _execute("VACUUM ANALYZE")
        for _ in range(ROUNDS):
            clock.take("levels 2 to 4", lambda: _compare(office))
            clock.take("one aggregate scan", _scan)
        found = [
            clock.at_least("second rating", "first rating", 1.0),
            clock.at_most("levels 2 to 4", "one aggregate scan", SCANS),
        ]
        if can_be_measured():
            peak = peak_memory_here(lambda: _compare(office)) / 1_000_000
            found.append(
                Figure(
                    "peak private memory of levels 2 to 4",
                    *(peak, "MB", MEGABYTES, peak / MEGABYTES, "<= 1", peak <= MEGABYTES),
                )
            )
    return found


def _rate_again(office: Company) -> None:
    assert office.parent is not None
    rate_month_again(head_office=office.parent, offices=[office], month=_MONTH, as_of=AS_OF)


def _same_amounts() -> None:
    """Raise NotTheSame unless both ratings come to the same: who is quick and wrong has not won."""
    first = (
        Charge.objects.filter(kind="charge")
        .values("side")
        .annotate(amount=Sum("net_amount"))
        .order_by("side")
    )
    second = SecondaryCharge.objects.values("side").annotate(amount=Sum("charge_amount")).order_by("side")
    if list(first) != list(second):
        raise NotTheSame(f"The first rating comes to {list(first)}, the second to {list(second)}.")


def _compare(office: Company) -> None:
    for level in _LEVELS:
        run = reconcile(company=office, month=_MONTH, level=level, at=AS_OF)
        if run.discrepancies.exists():
            raise NotTheSame(f"There are differences at {level} in a month without any.")


def _scan() -> None:
    for table, key, measure in _SCANNED:
        _execute(f"SELECT {key}, count(*), sum({measure}) FROM {table} GROUP BY {key}")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
