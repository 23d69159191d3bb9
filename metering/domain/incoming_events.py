"""One event as it came in: what makes it the same event again, and what makes it unacceptable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256

import msgspec

LIFECYCLE_TYPES = (
    "created",
    "started",
    "suspended",
    "resumed",
    "stopped",
    "resized",
    "transferred",
    "decommissioned",
)
USAGE = "usage"
VOID = "void"
# Clocks of senders run ahead a little; further ahead is a mistake that would bill the future.
LATEST_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that is not stored, and what its sender must do."""

    id: str
    source: str
    detail: str


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a resource: an SKU and how much of it [the product's unit, 0 or more, exact]."""

    sku: str
    quantity: Decimal


class IncomingEvent(msgspec.Struct, frozen=True, gc=False):
    """An event that can be read: `type` is of LIFECYCLE_TYPES, USAGE or VOID; `payload` is its JSON text."""

    source: str
    id: str
    type: str
    subject: str
    time: datetime
    payload: str
    account: str = ""
    sequence: int = 0
    items: tuple[Item, ...] | None = None
    sku: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    until: datetime | None = None
    voids: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        return self.source, self.id

    @property
    def is_lifecycle(self) -> bool:
        return self.type not in (USAGE, VOID)

    @property
    def content_hash(self) -> bytes:
        """SHA-256 of the content by value: order of items, "1" or "1.0" and the zone make no difference.

        >>> from datetime import timezone
        >>> one = IncomingEvent("meters", "u1", USAGE, "vm", datetime(2026, 3, 1, 2, tzinfo=UTC), "{}",
        ...                     quantity=Decimal("1.0"))
        >>> berlin = timezone(timedelta(hours=1))
        >>> two = IncomingEvent("meters", "u1", USAGE, "vm", datetime(2026, 3, 1, 3, tzinfo=berlin), "{}",
        ...                     quantity=Decimal("1"))
        >>> one.content_hash == two.content_hash
        True
        """
        items = ""
        if self.items is not None:
            items = "\x1d".join(
                ["items", *sorted(f"{item.sku}\x1e{_plain(item.quantity)}" for item in self.items)]
            )
        parts = (
            self.type,
            self.subject,
            instant_text(self.time),
            self.account,
            str(self.sequence),
            items,
            self.sku,
            "" if self.quantity is None else _plain(self.quantity),
            self.unit,
            "" if self.until is None else instant_text(self.until),
            self.voids,
        )
        return sha256("\x1f".join(parts).encode()).digest()

    def refusal(self, received_at: datetime, opened_at: datetime | None) -> Rejected | None:
        """Return why the event cannot be taken, or None.

        received_at: [instant]; opened_at: [instant] from which the account it names may have events, or None.

        >>> late = IncomingEvent("meters", "u1", USAGE, "vm", datetime(2026, 3, 1, tzinfo=UTC), "{}")
        >>> late.refusal(datetime(2026, 2, 27, tzinfo=UTC), None).detail
        'time 2026-03-01T00:00:00+00:00 is more than 24 hours after receipt; send it when it has happened.'
        """
        if self.time > received_at + LATEST_AHEAD:
            return self._rejected(
                f"time {self.time.isoformat()} is more than 24 hours after receipt; "
                "send it when it has happened."
            )
        if opened_at is not None and self.time < opened_at:
            return self._rejected(
                f"time {self.time.isoformat()} is before account {self.account} was opened; "
                "correct one of them."
            )
        return None

    def _rejected(self, detail: str) -> Rejected:
        return Rejected(self.id, self.source, detail)


def _plain(number: Decimal) -> str:
    # Not normalize(), which rounds to the 28 digits of Python's default context.
    text = f"{number.copy_abs():f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# An instant is asked for several times, and events of a batch share some.
@lru_cache(maxsize=2**14)
def instant_text(instant: datetime) -> str:
    """Return an instant [with a zone] as ISO 8601 in UTC.

    >>> instant_text(datetime(2026, 3, 1, tzinfo=UTC))
    '2026-03-01T00:00:00+00:00'
    """
    # Most senders write UTC, and to convert it would take longer than to write it.
    return (instant if instant.tzinfo is UTC else instant.astimezone(UTC)).isoformat()
