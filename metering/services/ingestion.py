"""Take events in: at least once, late and out of order, each known for ever by (source, id)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.utils import DataError, IntegrityError

from billing_site.common import sql
from billing_site.common.base_models import uuid7
from billing_site.common.copying import copy_rows
from metering.domain.cloud_events import (
    MAX_EVENTS,
    MalformedBatch,
    read_events,
    without_endless_numbers,
)
from metering.domain.incoming_events import IncomingEvent, Rejected
from metering.models import EventException, IngestBatch
from metering.selectors.account_openings import opened_at_by_code
from metering.services.waking import wake_mediation

__all__ = [
    "MAX_EVENTS",
    "IngestReport",
    "ItemResult",
    "MalformedBatch",
    "Sender",
    "ingest",
    "ingest_cloud_events",
]

Status = Literal["accepted", "duplicate", "conflict", "rejected"]
_CONFLICT = "Another event with this source and id was received before and stands; give a new id."
_COMMON_COLUMNS = (
    *("batch_id", "head_office_id", "company_id", "received_at"),
    *("uid", "source", "event_id", "time", "account", "payload"),
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the company of the key, and the head office whose resources it speaks about."""

    company_id: int
    head_office_id: int


@dataclass(frozen=True, slots=True)
class ItemResult:
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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An event that is new unless its identity is known: its place in the batch, row id and content hash."""

    position: int
    uid: UUID
    event: IncomingEvent
    content_hash: bytes


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
    try:
        return _ingest(items, sender=sender, received_at=received_at, channel=channel)
    except DataError:
        # JSON allows numbers that PostgreSQL does not hold. They are sent by mistake only: it is not worth
        # looking for them before.
        storable = [without_endless_numbers(item) for item in items]
        return _ingest(storable, sender=sender, received_at=received_at, channel=channel)


@transaction.atomic
def _ingest(
    items: Sequence[IncomingEvent | Rejected], *, sender: Sender, received_at: datetime, channel: str
) -> IngestReport:
    results: dict[int, ItemResult] = {}
    candidates: list[_Candidate] = []
    opened_at = opened_at_by_code(
        {item.account for item in items if isinstance(item, IncomingEvent) and item.account},
        company_id=sender.company_id,
    )
    for position, item in enumerate(items):
        refused = (
            item if isinstance(item, Rejected) else item.refusal(received_at, opened_at.get(item.account))
        )
        if refused is not None:
            results[position] = ItemResult(refused.id, refused.source, "rejected", refused.detail)
        elif isinstance(item, IncomingEvent):
            candidates.append(_Candidate(position, uuid7(), item, item.content_hash))
    first: dict[tuple[str, str], _Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.event.identity, candidate)
    known = _remember(list(first.values()), sender.head_office_id)
    new = [candidate for candidate in first.values() if candidate.event.identity not in known]
    if new:
        _store(new, sender=sender, received_at=received_at, channel=channel)
    stored = {candidate.position for candidate in new}
    conflicts: list[IncomingEvent] = []
    for candidate in candidates:
        event = candidate.event
        standing = known.get(event.identity, first[event.identity].content_hash)
        if candidate.position in stored:
            result = ItemResult(event.id, event.source, "accepted")
        elif standing == candidate.content_hash:
            result = ItemResult(event.id, event.source, "duplicate")
        else:
            result = ItemResult(event.id, event.source, "conflict", _CONFLICT)
            conflicts.append(event)
        results[candidate.position] = result
    _report_conflicts(conflicts, sender=sender, received_at=received_at)
    return IngestReport([results[position] for position in range(len(items))])


def _remember(candidates: Sequence[_Candidate], head_office_id: int) -> dict[tuple[str, str], bytes]:
    """Claim the identities of events; return the hash of each that was known before."""
    columns = ("head_office_id", "source", "event_id", "uid", "time", "content_hash")
    rows = [(head_office_id, *c.event.identity, c.uid, c.event.time, c.content_hash) for c in candidates]
    try:
        # Nearly every batch is new as a whole, and a bare COPY is several times faster than ON CONFLICT.
        with transaction.atomic():
            copy_rows("metering_eventidentity", columns, rows)
        return {}
    except IntegrityError:
        sql.run("metering", "create_incoming_identity")
        copy_rows("incoming_identity", columns, rows)
        sql.run("metering", "remember_new_identities")
        known = sql.rows("metering", "known_identities")
        sql.run("metering", "drop_incoming_identity")
        return {(row["source"], row["event_id"]): bytes(row["content_hash"]) for row in known}


def _store(candidates: Sequence[_Candidate], *, sender: Sender, received_at: datetime, channel: str) -> None:
    batch = IngestBatch.objects.create(
        head_office_id=sender.head_office_id,
        received_at=received_at,
        channel=channel,
        event_count=len(candidates),
    )
    common = (batch.pk, sender.head_office_id, sender.company_id, received_at)
    lifecycle: list[tuple[Any, ...]] = []
    usage: list[tuple[Any, ...]] = []
    for candidate in candidates:
        event = candidate.event
        row = (
            *common,
            candidate.uid,
            *event.identity,
            event.time,
            event.account,
            event.payload,
            event.subject,
        )
        if event.is_lifecycle:
            lifecycle.append((*row, event.type, event.sequence, _items(event)))
        else:
            usage.append((*row, event.until, event.sku, event.quantity, event.unit, event.voids))
    copy_rows(
        "metering_lifecycleevent", (*_COMMON_COLUMNS, "resource", "type", "sequence", "items"), lifecycle
    )
    copy_rows(
        "metering_usageevent",
        (*_COMMON_COLUMNS, "resource", "until", "sku", "quantity", "unit", "voids"),
        usage,
    )
    transaction.on_commit(wake_mediation)


def _items(event: IncomingEvent) -> str | None:
    if event.items is None:
        return None
    return json.dumps([{"sku": item.sku, "quantity": f"{item.quantity:f}"} for item in event.items])


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
