"""Take events in: at least once, late and out of order, each known for ever by (source, id)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from typing import Literal

import msgspec
from django.db import transaction
from django.db.utils import DataError, IntegrityError

from billing_site.common import sql
from billing_site.common.copying import copy_text
from metering.domain.cloud_events import (
    MAX_EVENTS,
    MalformedBatch,
    read_events,
    without_endless_numbers,
)
from metering.domain.incoming_events import IncomingEvent, Rejected
from metering.models import EventException, IngestBatch
from metering.selectors.account_openings import opened_at_by_code
from metering.services.event_rows import (
    IDENTITY_COLUMNS,
    LIFECYCLE_COLUMNS,
    USAGE_COLUMNS,
    EventRow,
    event_rows,
)
from metering.services.waking import wake_mediation

__all__ = [
    "MAX_EVENTS",
    "IngestReport",
    "ItemResult",
    "MalformedBatch",
    "Sender",
    "ingest",
    "ingest_cloud_events",
    "ingest_rows",
]

Status = Literal["accepted", "duplicate", "conflict", "rejected"]
_CONFLICT = "Another event with this source and id was received before and stands; give a new id."


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the company of the key, and the head office whose resources it speaks about."""

    company_id: int
    head_office_id: int


class ItemResult(msgspec.Struct, frozen=True, gc=False):
    """What became of one event of a batch; `detail` says what to do where it was not accepted."""

    id: str
    source: str
    status: Status
    detail: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """One result for each event, in the order sent."""

    results: list[ItemResult]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(result.status for result in self.results))


def ingest_cloud_events(body: bytes, *, sender: Sender, received_at: datetime, channel: str) -> IngestReport:
    """Store what is new of a CloudEvents body (one event or a batch) in one transaction.

    Accepted events are durable when this returns and are mediated by a job that the commit wakes. The same
    event again is a `duplicate`; the same id with other content is a `conflict`: the first one stands and an
    exception is open. Raises MalformedBatch, storing nothing, if the body as a whole cannot be read.
    """
    return ingest(read_events(body), sender=sender, received_at=received_at, channel=channel)


def ingest(
    items: Sequence[IncomingEvent | Rejected], *, sender: Sender, received_at: datetime, channel: str
) -> IngestReport:
    """Store what is new of events that any channel (API, file, adapter) has read; see ingest_cloud_events."""
    return ingest_rows(event_rows(items), sender=sender, received_at=received_at, channel=channel)


def ingest_rows(
    rows: Sequence[EventRow | Rejected], *, sender: Sender, received_at: datetime, channel: str
) -> IngestReport:
    """Store what is new of events that were made ready to be stored; see ingest_cloud_events."""
    try:
        return _ingest(rows, sender=sender, received_at=received_at, channel=channel)
    except DataError:
        # JSON allows numbers that PostgreSQL does not hold. They are sent by mistake only: it is not worth
        # looking for them before.
        storable = event_rows(
            without_endless_numbers(row.event if isinstance(row, EventRow) else row) for row in rows
        )
        return _ingest(storable, sender=sender, received_at=received_at, channel=channel)


@transaction.atomic
def _ingest(
    rows: Sequence[EventRow | Rejected], *, sender: Sender, received_at: datetime, channel: str
) -> IngestReport:
    opened_at = opened_at_by_code(
        {row.event.account for row in rows if isinstance(row, EventRow) and row.event.account},
        company_id=sender.company_id,
    )
    results: list[ItemResult] = []
    # The events to store, each with its position, and the place among them of each identity.
    first: list[tuple[int, EventRow]] = []
    places: dict[tuple[str, str], int] = {}
    repeated: list[tuple[int, EventRow]] = []
    for position, row in enumerate(rows):
        refused = (
            row
            if isinstance(row, Rejected)
            else row.event.refusal(received_at, opened_at.get(row.event.account))
        )
        if refused is not None:
            results.append(ItemResult(refused.id, refused.source, "rejected", refused.detail))
        elif isinstance(row, EventRow):
            event = row.event
            # Of those that turn out to be known it is replaced below.
            results.append(ItemResult(event.id, event.source, "accepted"))
            place = len(first)
            if places.setdefault(event.identity, place) == place:
                first.append((position, row))
            else:
                repeated.append((position, row))
    known = _remember([row for _, row in first], sender.head_office_id)
    new = [row for place, (_, row) in enumerate(first) if place not in known]
    if new:
        _store(new, sender=sender, received_at=received_at, channel=channel)
    conflicts: list[IncomingEvent] = []
    for position, row in (*(first[place] for place in known), *repeated):
        event = row.event
        place = places[event.identity]
        standing = known.get(place) or first[place][1].content_hash
        if standing == row.content_hash:
            results[position] = ItemResult(event.id, event.source, "duplicate")
        else:
            results[position] = ItemResult(event.id, event.source, "conflict", _CONFLICT)
            conflicts.append(event)
    _report_conflicts(conflicts, sender=sender, received_at=received_at)
    return IngestReport(results)


def _remember(rows: Sequence[EventRow], head_office_id: int) -> dict[int, bytes | None]:
    """Claim the identities of events; return the places of those known before, with a hash that differs."""
    columns = ("head_office_id", *IDENTITY_COLUMNS)
    text = _with_common([head_office_id], [row.identity_line for row in rows])
    try:
        # Nearly every batch is new as a whole, and a bare COPY is several times faster than ON CONFLICT.
        with transaction.atomic():
            copy_text("metering_eventidentity", columns, text)
        return {}
    except IntegrityError:
        sql.run("metering", "create_incoming_identity")
        numbered = "".join(
            f"{place}\t{head_office_id}\t{row.identity_line}" for place, row in enumerate(rows)
        )
        copy_text("incoming_identity", ("n", *columns), numbered)
        sql.run("metering", "remember_new_identities")
        known = sql.rows("metering", "known_identities")
        sql.run("metering", "drop_incoming_identity")
        return {row["n"]: row["other_hash"] and bytes(row["other_hash"]) for row in known}


def _store(rows: Sequence[EventRow], *, sender: Sender, received_at: datetime, channel: str) -> None:
    batch = IngestBatch.objects.create(
        head_office_id=sender.head_office_id,
        received_at=received_at,
        channel=channel,
        event_count=len(rows),
    )
    columns = ("batch_id", "head_office_id", "company_id", "received_at")
    common = [batch.pk, sender.head_office_id, sender.company_id, received_at.isoformat()]
    lifecycle = [row.line for row in rows if row.event.is_lifecycle]
    usage = [row.line for row in rows if not row.event.is_lifecycle]
    copy_text("metering_lifecycleevent", (*columns, *LIFECYCLE_COLUMNS), _with_common(common, lifecycle))
    copy_text("metering_usageevent", (*columns, *USAGE_COLUMNS), _with_common(common, usage))
    transaction.on_commit(wake_mediation)


def _with_common(values: Sequence[object], lines: Sequence[str]) -> str:
    """Put values before each line of a batch."""
    start = "".join(f"{value}\t" for value in values)
    return "".join(chain.from_iterable(zip(repeat(start), lines)))


def _report_conflicts(events: Sequence[IncomingEvent], *, sender: Sender, received_at: datetime) -> None:
    EventException.objects.bulk_create(
        [
            EventException(
                kind=EventException.Kind.CONFLICT,
                key=f"{event.source} {event.id}",
                head_office_id=sender.head_office_id,
                company_id=sender.company_id,
                resource=event.subject,
                source=event.source,
                event_id=event.id,
                sku=event.sku,
                opened_at=received_at,
            )
            for event in events
        ],
        ignore_conflicts=True,
    )
