"""The CloudEvents (1.0, JSON) that Meridian accepts, built by plain functions.

An event is known for ever by its (source, id): who sends it again, sends it with the same two.
Quantities are strings and travel as they came: nobody on the way rounds them.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict


class CloudEvent(TypedDict):
    """One event. `subject` is the resource; `time` is an ISO 8601 instant with a zone."""

    specversion: str
    id: str
    source: str
    type: str
    subject: NotRequired[str]
    time: str
    datacontenttype: str
    data: Mapping[str, object]


class Item(TypedDict):
    """What a resource consists of: so much of one SKU."""

    sku: str
    quantity: str


def lifecycle_event(
    *,
    id: str,
    source: str,
    type: str,
    time: str,
    resource: str,
    account: str | None = None,
    items: Sequence[Item] | None = None,
) -> CloudEvent:
    """Build what happened to a resource.

    type: `created`, `started`, `suspended`, `resumed`, `stopped`, `resized`, `transferred`, `decommissioned`.
    account: its owner from now on (created, transferred).
    items: what it consists of from now on (created, resized); empty where nothing is billed by its life.
    """
    data: dict[str, object] = {}
    if account is not None:
        data["account"] = account
    if items is not None:
        data["items"] = list(items)
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": f"meridian.resource.{type}",
        "subject": resource,
        "time": time,
        "datacontenttype": "application/json",
        "data": data,
    }


def usage_event(
    *,
    id: str,
    source: str,
    time: str,
    resource: str,
    sku: str,
    quantity: str,
    unit: str,
    until: str | None = None,
) -> CloudEvent:
    """Build a usage record of a resource: `quantity` in `unit`, which the product knows how to convert.

    until: an instant; the record covers `[time, until)`.
    """
    data: dict[str, object] = {"sku": sku, "quantity": quantity, "unit": unit}
    if until is not None:
        data["until"] = until
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": "meridian.usage.recorded",
        "subject": resource,
        "time": time,
        "datacontenttype": "application/json",
        "data": data,
    }
