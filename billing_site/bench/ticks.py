"""How long a tick of mediation takes that finds new events among many known, and among hardly any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import connection

from billing_site.bench.figures import Figure
from billing_site.bench.houses import open_house
from billing_site.bench.timing import ROUNDS, Clock
from billing_site.common import sql
from billing_site.scenarios.databases import connected_to, scenario_databases
from metering.models import IngestBatch
from metering.services.mediation import mediate_some

ROWS = 10_000_000
NEW_EVENTS = 10_000
AT_MOST_TIMES = 1.3
_ACCOUNTS = 1_000
_NOW = datetime(2026, 5, 1, tzinfo=UTC)
# Known changes in a life; the rest of what is known are records of hours.
_CHANGES = 8


def figures(rows: int = ROWS) -> list[Figure]:
    """Mediate 10,000 events, half changes in lives, half records; medians of interleaved runs.

    rows: how many events are known. The other database knows that the resources were created, and no more.
    """
    clock = Clock()
    # Lives and records of as many resources as the new events are of, ten times over.
    hours = max(rows // (10 * NEW_EVENTS) - _CHANGES, 1)
    many, few = f"among {rows:,} known", "on an empty table"
    with scenario_databases() as databases, databases.copy():
        names = {many: str(connection.settings_dict["NAME"])}
        _know(resources=10 * NEW_EVENTS, changes=_CHANGES, hours=hours)
        with databases.copy():
            names[few] = str(connection.settings_dict["NAME"])
            _know(resources=NEW_EVENTS // 2, changes=1, hours=0)
            for turn in range(ROUNDS + 1):
                for name, database in names.items():
                    with connected_to(database):
                        _add_new(turn)
                        if turn:
                            clock.take(name, _tick)
                        else:
                            _tick()  # so that both have read their tables once
    return [clock.at_most(many, few, AT_MOST_TIMES)]


def _know(*, resources: int, changes: int, hours: int) -> None:
    """Open a house in which so many changes and records of each resource are known and mediated."""
    open_house(accounts=_ACCOUNTS, products=20)
    numbers = {"resources": resources, "accounts": _ACCOUNTS, "batch": _batch(changes * resources)}
    sql.run("billing_site", "bench_lives", {**numbers, "events": changes})
    while mediate_some(now=_NOW, event_limit=1):
        pass
    if hours:
        known = {"resources": resources, "first": 0, "last": hours - 1, "batch": _batch(hours * resources)}
        sql.run("billing_site", "bench_hours", known)
        IngestBatch.objects.update(mediated_at=_NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _add_new(turn: int) -> None:
    """Add a batch of what happened after all that is known: changes of one half, records of both."""
    half = {"resources": NEW_EVENTS // 2, "batch": _batch(NEW_EVENTS)}
    time = datetime(2026, 4, 20, tzinfo=UTC) + turn * timedelta(hours=1)
    sql.run("billing_site", "bench_changes", {**half, "time": time, "turn": turn})
    hour = int((time - datetime(2026, 3, 2, tzinfo=UTC)) / timedelta(hours=1))
    sql.run("billing_site", "bench_hours", {**half, "first": hour, "last": hour})


def _batch(events: int) -> int:
    return IngestBatch.objects.create(
        head_office_id=0, received_at=_NOW, channel="bench", event_count=events
    ).pk


_tick = partial(mediate_some, now=_NOW, event_limit=1)
