"""Turn events into lives of resources: intervals, exceptions, and what rating has to look at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from billing_site.common import sql
from billing_site.common.errors import BillingError
from metering.selectors.timelines import rebuild_timelines

EVENTS_AT_ONCE = 50_000
# One mediator at a time: two would rebuild the same resource side by side. Any constant will do.
_LOCK = 0x4D454449


class OverlappingIntervals(BillingError):
    """The rebuilt life of a resource has it in two states at once; nothing of the mediation is kept."""

    code = "overlapping_intervals"


def mediate_waiting(*, now: datetime, event_limit: int = EVENTS_AT_ONCE) -> int:
    """Mediate all waiting batches, some at a time, each time in a transaction; return how many there were.

    Killed anywhere, the next run takes the same batches again; run again, it changes nothing.
    """
    total = 0
    while batches := mediate_some(now=now, event_limit=event_limit):
        total += batches
    return total


@transaction.atomic
def mediate_some(*, now: datetime, event_limit: int) -> int:
    """Take waiting batches of up to `event_limit` events, rebuild what they touch, return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    taken = sql.rows("metering", "take_batches", {"now": now, "event_limit": event_limit})
    if not taken:
        return 0
    known = {"now": now, "batches": [row["id"] for row in taken]}
    rebuild_lives(known)
    sql.run("metering", "collect_changed_usage", known)
    sql.run("metering", "analyze_changed_usage")
    sql.run("metering", "judge_usage", known)
    sql.run("metering", "open_periods", known)
    sql.run("metering", "mark_stale_periods")
    sql.run("metering", "find_gaps")
    sql.run("metering", "close_exceptions", known)
    sql.run("metering", "open_exceptions", known)
    sql.run("metering", "close_conflicts", known)
    sql.run("metering", "close_gaps", known)
    sql.run("metering", "open_gaps", known)
    return len(taken)


def rebuild_lives(known: Mapping[str, Any]) -> None:
    """Make the intervals of what the `batches` touch what their events say, as part of a mediation."""
    sql.run("metering", "drop_mediation_tables")
    sql.run("metering", "touch_resources", known)
    rebuild_timelines(received_by=None)
    sql.run("metering", "upsert_resources")
    sql.run("metering", "cut_intervals")
    sql.run("metering", "touch_accounts")
    sql.run("metering", "remove_changed_intervals")
    sql.run("metering", "add_new_intervals")
    _forbid_overlaps()


def _forbid_overlaps() -> None:
    overlaps = sql.rows("metering", "overlapping_intervals")
    if overlaps:
        first = overlaps[0]
        raise OverlappingIntervals(
            f"Resource {first['name']} would be in two states from {first['next_start']} to "
            f"{first['ended_at']}; this is a defect of mediation, report it with the resource's events."
        )
