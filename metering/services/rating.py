"""Rate what was used, on both sides: recompute a month from what is known, and write only the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from billing_site.common import sql
from metering.models import RatingRun
from metering.selectors.target_charges import compute_target_charges

PERIODS_AT_ONCE = 2_000
# Accounts are dealt to so many shards by their id: more than workers, so that none waits long for the last.
SHARDS = 16
# What runs, or falls due without an event, is in an open month's stored charges after so long at the latest.
REFRESH = timedelta(days=1)


def stale_shards(*, as_of: datetime) -> list[int]:
    """Return the shards of accounts of which something new was learnt, or is due, from 0."""
    return [row["shard"] for row in sql.rows("metering", "stale_shards", {"as_of": as_of, "shards": SHARDS})]


def rate_stale_periods(*, as_of: datetime, limit: int = PERIODS_AT_ONCE, shard: int | None = None) -> int:
    """Rate all months that something new was learnt about, or in which something is due; return how many.

    as_of: [instant] until which billable time of running resources counts. shard: [0 to SHARDS - 1] only
    accounts of this one; None: all.
    """
    total = 0
    while rated := rate_some_stale_periods(as_of=as_of, limit=limit, shard=shard):
        total += rated
    return total


@transaction.atomic
def rate_some_stale_periods(*, as_of: datetime, limit: int, shard: int | None = None) -> int:
    """Rate up to `limit` stale months in a transaction; what another worker holds is left to it."""
    stale = sql.rows(
        "metering",
        "lock_stale_periods",
        {"as_of": as_of, "limit": limit, "shard": shard, "shards": SHARDS},
    )
    periods = [row["id"] for row in stale]
    if periods:
        rate_periods(periods, as_of=as_of)
        sql.run("metering", "mark_rated", {"as_of": as_of, "refresh": REFRESH})
    return len(periods)


@transaction.atomic
def rate_periods(
    periods: Sequence[int],
    *,
    as_of: datetime,
    received_by: datetime | None = None,
    bill_month: date | None = None,
) -> RatingRun:
    """Make the open charges of account months what they should be, and return what that took.

    periods: ids of AccountPeriod rows that the caller has locked. Closed ones get difference charges.
    as_of: [instant] until which billable time counts. received_by: [instant] what was received later is left
    out; None: nothing. bill_month: the open month that takes the differences of closed ones; None: the month
    after each account's last closed one. Run again over unchanged input it writes nothing.
    """
    sql.run("metering", "drop_rating_tables")
    sql.run(
        "metering", "rating_periods", {"periods": list(periods), "as_of": as_of, "bill_month": bill_month}
    )
    compute_target_charges(received_by=received_by)
    sql.run("metering", "subtract_billed")
    sql.run("metering", "analyze_wanted")
    removed = sql.run("metering", "remove_unwanted_charges")
    written = sql.run("metering", "add_wanted_charges")
    sql.run("metering", "close_priced_exceptions", {"now": as_of})
    return RatingRun.objects.create(
        as_of=as_of,
        received_by=received_by,
        period_count=len(periods),
        written=written,
        removed=removed,
    )


def report_unpriced(*, now: datetime) -> None:
    """Open a no_price exception for each resource and SKU that the rating just done could not price."""
    sql.run("metering", "open_unpriced_exceptions", {"now": now})
