"""How quickly events become lives of resources, beside an INSERT ... SELECT of the finished intervals."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection, transaction

from billing_site.bench.figures import Figure
from billing_site.bench.houses import open_house
from billing_site.bench.timing import ROUNDS, Clock
from billing_site.common import sql
from billing_site.scenarios.databases import scenario_databases
from metering.models import IngestBatch
from metering.services.mediation import rebuild_lives

ROWS = 100_000
AT_LEAST = 0.4
_ACCOUNTS = 1_000
_NOW = datetime(2026, 4, 1, tzinfo=UTC)


def figures(rows: int = ROWS) -> list[Figure]:
    """Tell the lives of resources from 7.75 events each; medians of interleaved runs.

    rows: how many resources.
    """
    clock, lives, floor = Clock(), f"lives of {rows:,} resources", "INSERT ... SELECT"
    with scenario_databases() as databases, databases.copy():
        open_house(accounts=_ACCOUNTS, products=20)
        batch = IngestBatch.objects.create(
            head_office_id=0, received_at=_NOW, channel="bench", event_count=8 * rows
        )
        known = {"resources": rows, "accounts": _ACCOUNTS, "batch": batch.pk, "events": 8}
        sql.run("billing_site", "bench_lives", known)
        _execute("VACUUM ANALYZE")
        for _ in range(ROUNDS):
            _empty()
            clock.take(lives, lambda: _rebuild(batch.pk))
            _execute("CREATE TEMP TABLE finished AS SELECT * FROM metering_resourceinterval")
            _empty()
            clock.take(floor, _insert_finished)
            _execute("DROP TABLE finished")
    return [clock.at_least(lives, floor, AT_LEAST)]


def _rebuild(batch: int) -> None:
    with transaction.atomic():
        rebuild_lives({"now": _NOW, "batches": [batch]})


def _insert_finished() -> None:
    with transaction.atomic():
        _execute("INSERT INTO metering_resourceinterval SELECT * FROM finished")


def _empty() -> None:
    _execute("TRUNCATE metering_resource, metering_resourceinterval")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
