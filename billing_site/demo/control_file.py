"""What the order-streaming application says that it sent: a line for every event, to check ours by."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from billing_site.demo.cloud_events import CloudEvent

COLUMNS = ("source", "id", "resource", "hour", "quantity")


def control_file(events: Iterable[CloudEvent]) -> str:
    """Return the CSV file that `manage.py import_control_totals` and the API take in: one line an event.

    It is made from what the stream meant to send, never from what Meridian answered.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for event in events:
        quantity = event["data"].get("quantity", "")
        resource = event.get("subject", "")
        table.writerow([event["source"], event["id"], resource, hour_of(event["time"]), quantity])
    return text.getvalue()


def hour_of(time: str) -> str:
    """The first instant of the hour in which an instant lies.

    >>> hour_of("2023-09-01T02:30:15.5+02:00")
    '2023-09-01T00:00:00Z'
    """
    instant = datetime.fromisoformat(time).astimezone(UTC)
    return f"{instant:%Y-%m-%dT%H}:00:00Z"
