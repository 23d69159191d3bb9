"""What a charge was computed from, page by page: stretches of life or usage records, with their events."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.domain.periods import Period
from catalogue.selectors.reach import Caller, reach_of


class InvalidCursor(BillingError):
    """A cursor that no page of this explanation has given."""

    code = "invalid_cursor"


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """An event as stored; `payload`, as sent, is None for callers who may not read the sender's stream."""

    uid: UUID
    source: str
    event_id: str
    type: str
    time: datetime
    received_at: datetime
    content_hash: str
    payload: Any


@dataclass(frozen=True, slots=True)
class StretchSource:
    """A stretch of a resource's life that counts: item quantity x hours.

    begun_by, ended_by: the events that changed the resource where its state or items began and ended; the
    stretch itself may be shorter, cut by the period or a price version.
    """

    resource: str
    state: str
    started_at: datetime
    ended_at: datetime
    item_quantity: Decimal
    hours: Fraction
    begun_by: tuple[SourceEvent, ...]
    ended_by: tuple[SourceEvent, ...]


@dataclass(frozen=True, slots=True)
class RecordSource:
    """A usage record that counts: `counted` is its part of the charge, in the product's unit."""

    resource: str
    time: datetime
    until: datetime | None
    quantity: Decimal
    unit: str
    counted: Fraction
    event: SourceEvent


@dataclass(frozen=True, slots=True)
class OrderSource:
    """A cycle of an order that counts: `days` of its `cycle_days` are due, in `[started_at, ended_at)`."""

    order: str
    quantity: Decimal
    started_at: datetime
    ended_at: datetime
    days: int
    cycle_days: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Some of a charge's sources in order of time; `next_after` asks for more, "" if there are none."""

    stretches: tuple[StretchSource, ...] = ()
    records: tuple[RecordSource, ...] = ()
    orders: tuple[OrderSource, ...] = ()
    next_after: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch as the statement gives it, cut by period and price version."""

    resource_id: int
    resource: str
    state: str
    item_quantity: Decimal
    period: Period
    life_start: datetime
    life_end: datetime | None

    @property
    def place(self) -> str:
        return f"{self.period.start.isoformat()}~{self.resource_id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose events may be read, and what was known: `received_by` None is all."""

    caller: Caller
    head_office_id: int
    account: str
    received_by: datetime | None


def stretch_page(stretches: Sequence[Stretch], asked: Asked, *, page_size: int, after: str) -> SourcePage:
    """Return the stretches after a place, with their events; 1 query. Raises InvalidCursor."""
    start = 0
    if after:
        places = {stretch.place: number for number, stretch in enumerate(stretches)}
        if after not in places:
            raise _no_such_page(after)
        start = places[after] + 1
    shown = stretches[start : start + page_size]
    events = _life_events(shown, asked)
    rows = tuple(
        StretchSource(
            resource=stretch.resource,
            state=stretch.state,
            started_at=stretch.period.start,
            ended_at=stretch.period.end,
            item_quantity=stretch.item_quantity,
            hours=stretch.period.hours,
            begun_by=events.get((stretch.resource, stretch.life_start), ()),
            ended_by=events.get((stretch.resource, stretch.life_end), ()) if stretch.life_end else (),
        )
        for stretch in shown
    )
    more = start + page_size < len(stretches)
    return SourcePage(stretches=rows, next_after=shown[-1].place if more else "")


def order_page(orders: Sequence[OrderSource], *, page_size: int, after: str) -> SourcePage:
    """Return the orders after the one with a code. Raises InvalidCursor."""
    codes = [order.order for order in orders]
    if after and after not in codes:
        raise _no_such_page(after)
    start = codes.index(after) + 1 if after else 0
    more = start + page_size < len(orders)
    shown = tuple(orders[start : start + page_size])
    return SourcePage(orders=shown, next_after=shown[-1].order if more else "")


def record_page(asked: Asked, *, page_size: int, after: str) -> SourcePage:
    """Return the records after a place, read from the working table `explained_record`; 1 query."""
    after_time, after_uid = _place_of_record(after) if after else (None, None)
    found = sql.rows(
        "metering",
        "explain_record_page",
        {"after_time": after_time, "after_uid": after_uid, "limit": page_size + 1},
    )
    shown, may_see = found[:page_size], _streams(asked.caller)
    rows = tuple(
        RecordSource(
            resource=row["resource"],
            time=row["time"],
            until=row["until"],
            quantity=row["quantity"],
            unit=row["unit"],
            counted=Fraction(row["numerator"]) / Fraction(row["denominator"]),
            event=_event({**row, "type": "usage"}, may_see),
        )
        for row in shown
    )
    last = shown[-1] if len(found) > page_size else None
    return SourcePage(records=rows, next_after=f"{last['time'].isoformat()}~{last['uid']}" if last else "")


def _life_events(
    stretches: Sequence[Stretch], asked: Asked
) -> dict[tuple[str, datetime | None], tuple[SourceEvent, ...]]:
    places = {(s.resource, at) for s in stretches for at in (s.life_start, s.life_end) if at}
    if not places:
        return {}
    resources, instants = zip(*sorted(places), strict=True)
    found = sql.rows(
        "metering",
        "explain_life_events",
        {
            "resources": list(resources),
            "instants": list(instants),
            "head_office_id": asked.head_office_id,
            "account": asked.account,
            "received_by": asked.received_by,
        },
    )
    may_see = _streams(asked.caller)
    events: dict[tuple[str, datetime | None], tuple[SourceEvent, ...]] = {}
    for row in found:
        place = row["resource"], row["time"]
        events[place] = (*events.get(place, ()), _event(row, may_see))
    return events


def _event(row: dict[str, Any], may_see: Collection[int] | None) -> SourceEvent:
    is_open = row["payload"] and (may_see is None or row["company_id"] in may_see)
    return SourceEvent(
        uid=row["uid"],
        source=row["source"],
        event_id=row["event_id"],
        type=row["type"],
        time=row["time"],
        received_at=row["received_at"],
        content_hash=bytes(row["content_hash"] or b"").hex(),
        payload=json.loads(row["payload"]) if is_open else None,
    )


def _streams(caller: Caller) -> Collection[int] | None:
    """Return the companies whose raw events a caller may read; None: all. See visible_usage_events."""
    reach = reach_of(caller)
    if reach.all:
        return None
    return frozenset() if reach.account_ids is not None else reach.company_ids


def _place_of_record(after: str) -> tuple[datetime, UUID]:
    instant, _, uid = after.partition("~")
    try:
        time = datetime.fromisoformat(instant)
        if time.tzinfo is None:
            raise _no_such_page(after)
        return time, UUID(uid)
    except ValueError:
        raise _no_such_page(after) from None


def _no_such_page(after: str) -> InvalidCursor:
    return InvalidCursor(f"There is no page after {after[:80]!r}; begin again without a cursor.")
