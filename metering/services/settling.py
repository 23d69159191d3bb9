"""Settle corrections of closed months before the month that they lie in is billed."""

from __future__ import annotations

from collections.abc import Sequence

from billing_site.common import sql
from catalogue.models import Company


def hold_waiting_differences(*, company: Company, after: int, limit: int) -> list[int]:
    """Lock closed months of which a correction waits that gives something back; return their ids, ascending.

    Only of the company's accounts that get credit notes for late usage. after: [id of an AccountPeriod] where
    the last look ended. The locks last until the caller's transaction ends, and so does the working table
    `waiting_difference` that is filled here: one row a sell correction of these months that waits.
    """
    known = {"company": company.pk, "after": after, "limit": limit}
    periods = [row["id"] for row in sql.rows("metering", "hold_waiting_differences", known)]
    sql.run("metering", "drop_waiting_differences")
    sql.run("metering", "collect_waiting_differences", {"periods": periods})
    return periods


def settle_differences(*, periods: Sequence[int]) -> int:
    """Let the corrections of these months, of those just held, count as billed; return how many there were.

    periods: [ids of closed AccountPeriods]. Once settled a correction never changes; what is learnt later is
    the difference to it.
    """
    return sql.run("metering", "settle_differences", {"periods": list(periods)})
