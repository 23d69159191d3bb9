"""Events as rows of a table, for who has no program that writes JSON. `COLUMNS` is the whole of it.

A cell that is empty says nothing. `items` are written SKU=quantity;SKU=quantity, and SKU alone is one of it.
"""

from collections.abc import Iterator, Mapping

import msgspec

from billing_site.common.errors import BillingError
from metering.adapters.tables import Row, named_cells, rows_of
from metering.domain.cloud_events import read_event
from metering.domain.incoming_events import LIFECYCLE_TYPES, USAGE, VOID, IncomingEvent, Rejected
from metering.services.event_files import Line

COLUMNS = {
    "type": f"{', '.join(LIFECYCLE_TYPES)}; {USAGE} or {VOID}",
    "source": "who sends",
    "id": "with source the event's identity, for ever",
    "time": "ISO 8601 with a zone",
    "resource": "of all but usage without a resource",
    "account": "of created, transferred, and usage without a resource",
    "items": "of created and resized",
    "sequence": "the source's own order of events at one instant",
    "sku": "of usage",
    "quantity": "of usage",
    "unit": "of usage; default the product's",
    "until": "of usage that covers [time, until)",
    "voids": "of void: the id of the record to withdraw",
}
_NEEDED = ("type", "source", "id", "time")
_TYPES = {
    **{name: f"meridian.resource.{name}" for name in LIFECYCLE_TYPES},
    USAGE: "meridian.usage.recorded",
    VOID: "meridian.usage.voided",
}
_WITH_ITEMS = ("created", "resized")
_DATA = ("account", "sku", "quantity", "unit", "until", "voids")


class UnknownColumns(BillingError):
    """A heading that does not say what its columns are; nothing of the file is taken."""

    code = "unknown_columns"


def read_lines(lines: Iterator[bytes]) -> Iterator[Line]:
    """Yield the event of each row, by the number of its last line; raises UnknownColumns."""
    rows = rows_of(lines)
    heading = _heading(next(rows, (1, []))[1])
    for number, row in rows:
        cells = named_cells(heading, row)
        yield number, cells if isinstance(cells, Rejected) else _event(cells)


def _heading(row: Row) -> list[str]:
    heading = [] if isinstance(row, Rejected) else [cell.strip().lower() for cell in row]
    unknown = [name for name in heading if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in heading]
    if unknown or missing or len(set(heading)) < len(heading):
        raise UnknownColumns(
            "The first line must name each column once: "
            + (f"{', '.join(map(repr, unknown))} is not known; " if unknown else "")
            + (f"{', '.join(missing)} is missing; " if missing else "")
            + f"use {', '.join(COLUMNS)}."
        )
    return heading


def _event(cells: dict[str, str]) -> IncomingEvent | Rejected:
    row = {name: cell for name, cell in cells.items() if cell}
    try:
        return read_event(msgspec.json.encode(_cloud_event(row)))
    except UnicodeEncodeError:
        return Rejected("", "", "The row is not UTF-8; save the file as UTF-8.")


def _cloud_event(row: Mapping[str, str]) -> dict[str, object]:
    type = row.get("type", "")
    data: dict[str, object] = {name: row[name] for name in _DATA if name in row}
    if type in _WITH_ITEMS or "items" in row:
        data["items"] = _items(row.get("items", ""))
    if "sequence" in row:
        data["sequence"] = _whole_number(row["sequence"])
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": row.get("id", ""),
        "source": row.get("source", ""),
        "type": _TYPES.get(type, type),
        "time": row.get("time", ""),
        "data": data,
    }
    return {**event, "subject": row["resource"]} if "resource" in row else event


def _items(cell: str) -> list[dict[str, str]]:
    items = (item.rpartition("=") for item in cell.split(";") if item)
    return [
        {"sku": sku.strip(), "quantity": quantity.strip()} if equals else {"sku": quantity.strip()}
        for sku, equals, quantity in items
    ]


def _whole_number(cell: str) -> int | str:
    """Return the number; what is none stays as it is and is refused with the rest of the event."""
    return int(cell) if cell.lstrip("-").isdecimal() and len(cell) < 20 else cell
