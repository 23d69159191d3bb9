"""Read CloudEvents 1.0 in JSON: one event or a batch, each item judged by itself."""

from __future__ import annotations

import json
import re
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal, InvalidOperation
from typing import TypedDict, cast

import msgspec

from billing_site.common.errors import BillingError
from metering.domain.incoming_events import LIFECYCLE_TYPES, USAGE, VOID, IncomingEvent, Item, Rejected

MAX_EVENTS = 10_000
_TYPES = {
    **{f"meridian.resource.{name}": name for name in LIFECYCLE_TYPES},
    "meridian.usage.recorded": USAGE,
    "meridian.usage.voided": VOID,
}
_LONGEST = {"id": 200, "source": 200, "subject": 200, "account": 60, "sku": 120, "unit": 60, "voids": 200}
# numeric(38, 12): 26 digits before the point, 12 after it.
_LARGEST_QUANTITY = Decimal(10) ** 26
_QUANTITY_PLACES = 12
_fits_plainly = re.compile(r"[0-9]{1,26}(\.[0-9]{1,12})?", re.ASCII).fullmatch
# Of any number in a payload, before or after the point. PostgreSQL would hold some more.
_MOST_DIGITS = 1000


class MalformedBatch(BillingError):
    """The body as a whole cannot be read; nothing of it is stored."""

    code = "malformed_batch"


class BatchTooLarge(MalformedBatch):
    """More events in one request than are taken at once."""

    code = "batch_too_large"


class _ItemData(msgspec.Struct):
    sku: str
    quantity: str | int = "1"


class _Data(msgspec.Struct):
    account: str = ""
    items: list[_ItemData] | None = None
    sequence: int = 0
    sku: str = ""
    quantity: str | int | None = None
    unit: str = ""
    until: str | None = None
    voids: str = ""


class _CloudEvent(msgspec.Struct):
    specversion: str
    id: str
    source: str
    type: str
    time: str
    subject: str = ""
    data: _Data = msgspec.field(default_factory=_Data)


class _Name(msgspec.Struct):
    id: object = ""
    source: object = ""


class _Common(TypedDict):
    source: str
    id: str
    type: str
    subject: str
    time: datetime
    payload: str
    account: str


# The last one: JSON nested deeper than anybody means.
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_read_one = msgspec.json.Decoder(_CloudEvent).decode
_read_name = msgspec.json.Decoder(_Name).decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


def read_events(body: bytes) -> list[IncomingEvent | Rejected]:
    """Return each event of a body [one JSON object or an array of them], or why it cannot be read.

    Raises MalformedBatch if the body is not JSON or holds more than MAX_EVENTS.

    >>> read_events(b'[{"id": "e1", "source": "orders"}]')
    [Rejected(id='e1', source='orders', detail='Object missing required field `specversion`')]
    """
    try:
        raws = _split(body) if body.lstrip()[:1] == b"[" else [msgspec.json.decode(body, type=msgspec.Raw)]
        texts = [bytes(raw) for raw in raws]
    except _UNREADABLE as problem:
        raise MalformedBatch(
            f"The body is not JSON that can be read: {problem}. Nothing was stored."
        ) from problem
    if len(texts) > MAX_EVENTS:
        raise BatchTooLarge(
            f"{len(texts)} events are more than {MAX_EVENTS} in one request; send smaller batches."
        )
    return [read_event(text) for text in texts]


def read_event(text: bytes, sent: bytes | None = None) -> IncomingEvent | Rejected:
    """Return the event of a JSON object, or why it cannot be read.

    text: [UTF-8, without space around it]
    sent: [JSON in UTF-8] what the event was made of, if it came in another form; it is kept as the payload

    >>> read_event(b"{}").detail
    'Object missing required field `specversion`'
    """
    try:
        event = _read_one(text)
        return _checked(event, text if sent is None else sent)
    except (*_UNREADABLE, _Refused) as problem:
        return Rejected(*_name_of(text), detail=str(problem))


def without_endless_numbers(item: IncomingEvent | Rejected) -> IncomingEvent | Rejected:
    """Return the same, or why it cannot be stored: its payload holds a number that no column could hold.

    >>> without_endless_numbers(read_event(b'{"id": "e1", "source": "orders"}')).id
    'e1'
    """
    if isinstance(item, Rejected):
        return item
    try:
        json.loads(item.payload, parse_int=_check_length, parse_float=_check_length)
    except (_Refused, RecursionError) as problem:
        return Rejected(item.id, item.source, str(problem))
    return item


def _check_length(number: str) -> None:
    try:
        fits = -_MOST_DIGITS < Decimal(number).adjusted() < _MOST_DIGITS and len(number) < _MOST_DIGITS
    except InvalidOperation:
        fits = False
    if not fits:
        raise _Refused(f"The number {number[:20]} has more than {_MOST_DIGITS} digits; send it as text.")


class _Refused(Exception):
    pass


def _checked(event: _CloudEvent, sent: bytes) -> IncomingEvent:
    if event.specversion != "1.0":
        raise _Refused(f"specversion {event.specversion!r} is not known; send CloudEvents 1.0.")
    kind = _TYPES.get(event.type)
    if kind is None:
        raise _Refused(f"type {event.type!r} is not known; use one of {', '.join(_TYPES)}.")
    payload = sent.decode("utf-8")
    if "\\u0000" in payload or "\x00" in payload:
        raise _Refused("The event holds a NUL character, which cannot be stored; take it out.")
    data = event.data
    if (
        len(event.id) > _LONGEST["id"]
        or len(event.source) > _LONGEST["source"]
        or len(event.subject) > _LONGEST["subject"]
        or len(data.account) > _LONGEST["account"]
        or len(data.sku) > _LONGEST["sku"]
        or len(data.unit) > _LONGEST["unit"]
        or len(data.voids) > _LONGEST["voids"]
    ):
        raise _Refused(_too_long(event))
    if not event.id or not event.source:
        raise _Refused("id and source must not be empty: together they are the event's identity.")
    if not -(2**63) <= data.sequence < 2**63:
        raise _Refused(f"data.sequence {data.sequence} does not fit into 64 bits.")
    common: _Common = {
        "source": event.source,
        "id": event.id,
        "type": kind,
        "subject": event.subject,
        "time": _instant("time", event.time),
        "payload": payload,
        "account": data.account,
    }
    if kind == VOID:
        if not data.voids:
            raise _Refused("data.voids must name the id of the record to withdraw.")
        return IncomingEvent(**common, voids=data.voids)
    if kind == USAGE:
        return _usage(common, data)
    return _lifecycle(common, data)


def _too_long(event: _CloudEvent) -> str:
    values = {**msgspec.structs.asdict(event), **msgspec.structs.asdict(event.data)}
    name = next(name for name, longest in _LONGEST.items() if len(values[name]) > longest)
    return f"{name} is longer than {_LONGEST[name]} characters."


def _usage(common: _Common, data: _Data) -> IncomingEvent:
    if not data.sku or data.quantity is None:
        raise _Refused("A usage record needs data.sku and data.quantity.")
    if bool(common["subject"]) == bool(data.account):
        raise _Refused("A usage record names either its resource (subject) or, without one, data.account.")
    until = None if data.until is None else _instant("data.until", data.until)
    if until is not None and until <= common["time"]:
        raise _Refused("data.until must be after time: the record covers [time, until).")
    return IncomingEvent(
        **common,
        sku=data.sku,
        quantity=_quantity("data.quantity", data.quantity),
        unit=data.unit,
        until=until,
    )


def _lifecycle(common: _Common, data: _Data) -> IncomingEvent:
    kind = common["type"]
    if not common["subject"]:
        raise _Refused("A lifecycle event needs its resource in subject.")
    if kind in ("created", "transferred") and not data.account:
        raise _Refused(f"A {kind} event needs data.account.")
    if kind not in ("created", "transferred") and data.account:
        raise _Refused(f"A {kind} event has no data.account; use a transferred event.")
    items = None
    if kind in ("created", "resized"):
        if data.items is None:
            raise _Refused(f"A {kind} event needs data.items (an empty list if nothing is billed by time).")
        items = tuple(Item(item.sku, _quantity("data.items.quantity", item.quantity)) for item in data.items)
        if len({item.sku for item in items}) < len(items):
            raise _Refused("data.items names an SKU twice; add the quantities up.")
    elif data.items is not None:
        raise _Refused(f"A {kind} event has no data.items; use a resized event.")
    return IncomingEvent(**common, sequence=data.sequence, items=items)


def _instant(name: str, text: str) -> datetime:
    try:
        # Digits past the microsecond are cut, never rounded up into the next month.
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise _Refused(f"{name} {text!r} is not an ISO 8601 instant.") from problem
    if instant.tzinfo is None:
        raise _Refused(f"{name} {text!r} has no zone; add Z or an offset.")
    # In UTC it may lie a day earlier or later, and still has to be an instant then.
    if not MINYEAR < instant.year < MAXYEAR:
        raise _Refused(f"{name} {text!r} is at the end of all calendars; correct it.")
    return instant


def _quantity(name: str, value: str | int) -> Decimal:
    if isinstance(value, str) and _fits_plainly(value):
        return Decimal(value)
    try:
        number = Decimal(value)
    except InvalidOperation as problem:
        raise _Refused(f"{name} {value!r} is not a number.") from problem
    if not number.is_finite():
        raise _Refused(f"{name} {value!r} is not a number.")
    if number < 0:
        raise _Refused(f"{name} {value} is below 0; to take something back, void its record.")
    _, digits, exponent = number.as_tuple()
    finest = cast(int, exponent) + _QUANTITY_PLACES
    if number >= _LARGEST_QUANTITY or (finest < 0 and any(digits[finest:])):
        raise _Refused(
            f"{name} {value} has more than 26 digits before or {_QUANTITY_PLACES} after the point."
        )
    return number


def _name_of(text: bytes) -> tuple[str, str]:
    try:
        name = _read_name(text)
    except _UNREADABLE:
        return "", ""
    return tuple(value if isinstance(value, str) else "" for value in (name.id, name.source))  # type: ignore[return-value]
