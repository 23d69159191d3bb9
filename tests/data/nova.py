"""Nova's sample notifications as they would be on the wire: with an id and an instant of their own."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.data.derive import DATA


@cache
def samples() -> dict[str, dict[str, Any]]:
    """Return the samples by name: instance-create-end and so on."""
    with gzip.open(DATA / "nova_versioned_notifications.ndjson.gz", "rt", encoding="utf-8") as lines:
        notifications = [json.loads(line) for line in lines]
    return {notification.pop("sample").removesuffix(".json"): notification for notification in notifications}


def on_the_wire(sample: str, at: datetime, **changes: Any) -> dict[str, Any]:
    """Return a sample sent at an instant [UTC]; `changes` are of the instance."""
    notification = json.loads(json.dumps(samples()[sample]))
    notification["payload"]["nova_object.data"] |= changes
    return {
        **notification,
        "message_id": str(uuid5(NAMESPACE_URL, f"{sample} {at}")),
        "timestamp": at.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def enveloped(notification: dict[str, Any]) -> dict[str, str]:
    """Return a notification as oslo.messaging wraps it."""
    return {"oslo.version": "2.0", "oslo.message": json.dumps(notification)}


def encoded(notifications: list[dict[str, Any]]) -> Iterator[bytes]:
    return (json.dumps(notification).encode() for notification in notifications)
