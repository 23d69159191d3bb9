"""What was accepted long ago and is in no charge yet: it waits for a job, or for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min, QuerySet, Sum

from metering.models import AccountPeriod, EventException, IngestBatch
from metering.models.exceptions import UNBILLED_KINDS
from metering.selectors.visible import visible_batches, visible_exceptions, visible_periods

if TYPE_CHECKING:
    from catalogue.selectors.reach import Caller

TOO_LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unrated:
    """What waits longer than it should, as query sets in order of waiting.

    batches: accepted and not mediated. months: accounts' months about which something new is known, not rated
    again (`stale_since`). exceptions: open ones of kinds that keep accepted events from being billed.
    """

    batches: QuerySet[IngestBatch]
    months: QuerySet[AccountPeriod]
    exceptions: QuerySet[EventException]

    @property
    def count(self) -> int:
        """How many rows in all; 3 queries."""
        return self.batches.count() + self.months.count() + self.exceptions.count()


def unrated(caller: Caller, *, at: datetime, longer_than: timedelta = TOO_LONG) -> Unrated:
    """Return what a caller may see of what was accepted and is unrated for longer than an hour.

    at: [instant] now. Months that have not begun are not rated yet, and are left out.
    """
    before = at - longer_than
    return Unrated(
        batches=_waiting(visible_batches(caller), before),
        months=_stale(visible_periods(caller), before, at),
        exceptions=visible_exceptions(caller)
        .filter(closed_at=None, kind__in=UNBILLED_KINDS, opened_at__lt=before)
        .order_by("opened_at", "id"),
    )


def jobs_behind(*, at: datetime, longer_than: timedelta = TOO_LONG) -> str:
    """Say in a sentence which job is behind, or "" if none is; for those who watch. 2 queries.

    at: [instant] now.
    """
    before = at - longer_than
    waiting = _waiting(IngestBatch.objects.all(), before).aggregate(
        events=Sum("event_count"), since=Min("received_at")
    )
    if waiting["since"]:
        return (
            f"{waiting['events']} events wait for mediation, the first since {waiting['since'].isoformat()}; "
            "see that a worker and beat run, and what they log."
        )
    months = _stale(AccountPeriod.objects.all(), before, at)
    since = months.aggregate(since=Min("stale_since"))["since"]
    if since:
        return (
            f"{months.count()} account months wait for rating, the first since {since.isoformat()}; "
            "see that a worker and beat run, and what they log."
        )
    return ""


def _waiting(batches: QuerySet[IngestBatch], before: datetime) -> QuerySet[IngestBatch]:
    return batches.filter(mediated_at=None, received_at__lt=before).order_by("received_at", "id")


def _stale(months: QuerySet[AccountPeriod], before: datetime, at: datetime) -> QuerySet[AccountPeriod]:
    waiting = months.filter(stale=True, stale_since__lt=before, period_start__lt=at)
    return waiting.order_by("stale_since", "account_id", "month")
