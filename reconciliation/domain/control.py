"""What the order stream says that it sent: a line an event, or sums by account, product and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reconciliation.domain import cells as read
from reconciliation.domain.cells import WrongCell

LINE_COLUMNS = {
    "source": "the source of the events, as in the events",
    "id": "the event's id",
    "resource": "its subject; empty where it names an account",
    "hour": "the hour in which it happened, with a zone: 2026-03-05T14:00:00Z",
    "quantity": "as sent; empty where nothing is measured",
}
TOTAL_COLUMNS = {
    "source": "the source of the events, as in the events",
    "account": "its code",
    "sku": "the product",
    "day": "of UTC: 2026-03-05",
    "quantity": "of all that was used on that day, in the product's unit",
}
# Hours of zones begin at whole quarters of UTC's.
_QUARTER = 15


@dataclass(frozen=True, slots=True)
class SentEvent:
    """One event of the stream.

    source, id: [its identity]. resource: [may be empty]. hour: [instant at which its hour begins, in UTC].
    quantity: [0 or more; 0 where the event measures nothing]
    """

    source: str
    id: str
    resource: str
    hour: datetime
    quantity: Decimal

    @property
    def day(self) -> date:
        """The day of UTC on which it happened."""
        return self.hour.date()


@dataclass(frozen=True, slots=True)
class SentTotal:
    """What the stream sent for an account, a product and a day of UTC.

    source: [of the events]. account, sku: [codes]. quantity: [0 or more, in the product's unit]
    """

    source: str
    account: str
    sku: str
    day: date
    quantity: Decimal


def read_sent_event(cells: Mapping[str, str]) -> SentEvent:
    """Read a control line.

    cells: [texts by the names of LINE_COLUMNS]. Raises WrongCell.

    >>> read_sent_event({"source": "m", "id": "u1", "resource": "vm", "hour": "2026-03-05T14:00Z"}).quantity
    Decimal('0')
    """
    hour = read.instant(cells, "hour")
    if hour.minute % _QUARTER or hour.second or hour.microsecond:
        raise WrongCell("hour", f"{cells['hour']!r} is not where an hour begins: write its first instant.")
    return SentEvent(
        source=read.text(cells, "source", longest=200),
        id=read.text(cells, "id", longest=200),
        resource=read.optional_text(cells, "resource", longest=200),
        hour=hour,
        quantity=_quantity(cells) or Decimal(0),
    )


def read_sent_total(cells: Mapping[str, str]) -> SentTotal:
    """Read a control total.

    cells: [texts by the names of TOTAL_COLUMNS]. Raises WrongCell.

    >>> day = {"source": "m", "account": "acme", "sku": "VM", "day": "2026-03-05", "quantity": "24"}
    >>> read_sent_total(day).quantity
    Decimal('24')
    """
    quantity = _quantity(cells)
    if quantity is None:
        raise WrongCell("quantity", "It is empty: write 0 where nothing was sent.")
    return SentTotal(
        source=read.text(cells, "source", longest=200),
        account=read.text(cells, "account", longest=60),
        sku=read.text(cells, "sku", longest=120),
        day=read.day(cells, "day"),
        quantity=quantity,
    )


def _quantity(cells: Mapping[str, str]) -> Decimal | None:
    quantity = read.number(cells, "quantity")
    if quantity is not None and quantity < 0:
        raise WrongCell("quantity", f"{quantity:f} is below 0: the stream sends nothing below 0.")
    return quantity
