"""OpenStack Nova: versioned notifications, one a line, as they are on the message bus.

The identity of a notification is its `message_id`. The resource is the instance's uuid, the account its
project (`tenant_id`), and what is billed follows from the flavor in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from metering.domain.cloud_events import read_event
from metering.domain.incoming_events import IncomingEvent, Rejected
from metering.services.event_files import Line

SOURCE = "openstack.nova"
# What has happened, not what begins: of a pair only .end counts. What is not here changes nothing that is
# billed: .shutdown is part of a deletion, .rebuild and .rescue leave the size as it is, .resize and
# .resize_prep come before the new size is in force and .resize_confirm after it, .exists only repeats.
LIFECYCLE = {
    "instance.create.end": "created",
    "instance.power_on.end": "started",
    "instance.restore.end": "started",
    "instance.unshelve.end": "started",
    "instance.pause.end": "suspended",
    "instance.suspend.end": "suspended",
    "instance.unpause.end": "resumed",
    "instance.resume.end": "resumed",
    "instance.power_off.end": "stopped",
    "instance.shelve.end": "stopped",
    "instance.shelve_offload.end": "stopped",
    "instance.soft_delete.end": "stopped",
    "instance.resize_finish.end": "resized",
    "instance.resize_revert.end": "resized",
    "instance.delete.end": "decommissioned",
}
_WITH_ITEMS = ("created", "resized")


class Flavor(msgspec.Struct):
    """The size of an instance."""

    name: str
    vcpus: int
    memory_mb: int
    root_gb: int
    ephemeral_gb: int = 0


Items = Callable[[Flavor], dict[str, str]]
"""What a flavor is billed as: a quantity of each SKU."""


def whole_size(flavor: Flavor) -> dict[str, str]:
    """Bill one of the SKU that is called like the flavor."""
    return {flavor.name: "1"}


def parts(vcpu: str = "VCPU", memory: str = "RAM-GIB", disk: str = "DISK-GIB") -> Items:
    """Return what bills a flavor by its virtual CPUs, GiB of memory and GiB of disk, under these SKUs."""

    def items(flavor: Flavor) -> dict[str, str]:
        return {
            vcpu: str(flavor.vcpus),
            memory: f"{Decimal(flavor.memory_mb) / 1024:f}",
            disk: str(flavor.root_gb + flavor.ephemeral_gb),
        }

    return items


class _FlavorObject(msgspec.Struct):
    data: Flavor = msgspec.field(name="nova_object.data")


class _Instance(msgspec.Struct):
    uuid: str
    tenant_id: str
    flavor: _FlavorObject
    launched_at: str | None = None
    image_uuid: str | None = None


class _InstanceObject(msgspec.Struct):
    data: _Instance = msgspec.field(name="nova_object.data")


class _Notification(msgspec.Struct):
    event_type: str
    payload: msgspec.Raw
    message_id: str = ""
    timestamp: str = ""


class _Envelope(msgspec.Struct):
    message: str = msgspec.field(name="oslo.message", default="")


_read_envelope = msgspec.json.Decoder(_Envelope).decode
_read_notification = msgspec.json.Decoder(_Notification).decode
_read_instance = msgspec.json.Decoder(_InstanceObject).decode


def read_lines(lines: Iterator[bytes], items: Items = whole_size) -> Iterator[Line]:
    """Yield what each notification says about billing; None where it says nothing."""
    for number, line in enumerate(lines, start=1):
        if text := line.strip():
            yield number, read_notification(text, items)


def read_notification(text: bytes, items: Items = whole_size) -> IncomingEvent | Rejected | None:
    """Return the event that a notification, in its envelope or not, stands for; None: nothing is billed."""
    message_id = ""
    try:
        enveloped = _read_envelope(text).message
        notification = _read_notification(enveloped or text)
        type = LIFECYCLE.get(notification.event_type)
        if type is None:
            return None
        message_id = notification.message_id
        instance = _read_instance(notification.payload).data
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        return Rejected(message_id, SOURCE, f"This is no notification of Nova: {problem}.")
    if _is_told_otherwise(notification.event_type, instance):
        return None
    return read_event(msgspec.json.encode(_cloud_event(type, notification, instance, items)), sent=text)


def _is_told_otherwise(event_type: str, instance: _Instance) -> bool:
    """Tell whether an instance never ran, or told before that it is shelved: one that boots from an image."""
    if event_type == "instance.delete.end":
        return instance.launched_at is None
    return event_type == "instance.shelve_offload.end" and bool(instance.image_uuid)


def _cloud_event(type: str, notification: _Notification, instance: _Instance, items: Items) -> dict[str, Any]:
    data: dict[str, Any] = {"account": instance.tenant_id} if type == "created" else {}
    if type in _WITH_ITEMS:
        quantities = items(instance.flavor.data)
        data["items"] = [{"sku": sku, "quantity": quantity} for sku, quantity in quantities.items()]
    return {
        "specversion": "1.0",
        "id": notification.message_id,
        "source": SOURCE,
        "type": f"meridian.resource.{type}",
        # UTC, written without saying so.
        "time": f"{notification.timestamp}Z",
        "subject": instance.uuid,
        "data": data,
    }
