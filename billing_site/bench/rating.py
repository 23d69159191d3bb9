"""How quickly a month is rated, beside an INSERT ... SELECT of the finished charges into the same table."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median

from django.db import connection, transaction

from billing_site.bench.figures import Figure
from billing_site.bench.houses import open_house
from billing_site.common import sql
from billing_site.scenarios.databases import scenario_databases
from metering.models import AccountPeriod, Charge
from metering.services.rating import rate_periods

# 1.8 items or records a resource, two sides each: a little over 1,000,000 charges.
RESOURCES = 250_000
ACCOUNTS = 1_000
PRODUCTS = 300
ROUNDS = 3
AT_LEAST = 0.4
_MONTH = date(2026, 3, 1)
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)


def figures() -> list[Figure]:
    """Rate a month of mixed prices on both sides, a tenth of them tiered; medians of interleaved runs."""
    with scenario_databases() as databases, databases.copy():
        set_up(resources=RESOURCES, accounts=ACCOUNTS)
        periods = list(AccountPeriod.objects.values_list("pk", flat=True))
        first, again, floor, charges = [], [], [], 0
        for _ in range(ROUNDS):
            empty_charges()
            first.append(_seconds(lambda: rate_periods(periods, as_of=AS_OF)))
            charges = Charge.objects.count()
            again.append(_seconds(lambda: rate_periods(periods, as_of=AS_OF)))
            floor.append(_seconds_of_floor())
    return [
        _figure(f"rate {charges:,} charges", median(floor), median(first), AT_LEAST),
        _figure("rate them again, unchanged", median(first), median(again), 1.0),
    ]


def _figure(name: str, peer: float, value: float, at_least: float) -> Figure:
    ratio = peer / value
    return Figure(name, value, "s", peer, ratio, f">= {at_least:g}", ratio >= at_least)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _seconds_of_floor() -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE finished AS SELECT * FROM metering_charge")
        empty_charges()
        began = time.perf_counter()
        with transaction.atomic():
            cursor.execute("INSERT INTO metering_charge OVERRIDING SYSTEM VALUE SELECT * FROM finished")
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE finished")
    return taken


def empty_charges() -> None:
    """Take all charges away."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE metering_charge")


def set_up(*, resources: int, accounts: int) -> None:
    """Open a house whose accounts share resources, priced in both books, in March 2026."""
    office = open_house(accounts=accounts, products=PRODUCTS)
    sizes = {"products": PRODUCTS, "resources": resources}
    for name in ("prices", "tiers", "resources", "intervals", "usage"):
        sql.run("billing_site", f"bench_{name}", sizes)
    sql.run("metering", "open_company_month", {"company_id": office.pk, "month": _MONTH})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
