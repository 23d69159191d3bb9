"""What the finance system says that it booked: an amount an account and day, or month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from reconciliation.domain import cells as read
from reconciliation.domain.cells import WrongCell

COLUMNS = {
    "account": "its code",
    "currency": "the account's",
    "day": "the day of issue, 2026-03-05; or",
    "month": "the billing month, 2026-03",
    "amount": "gross less credit notes: what the customer owes is above 0",
}
Signs = Literal["", "as_booked", "reversed"]


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked for an account.

    account, currency: [codes]. month: [first day of the billing month, or of the day's month]. day: [None: of
    the whole month]. amount: [gross less credit notes, any sign]
    """

    account: str
    currency: str
    month: date
    day: date | None
    amount: Decimal


def read_booked(cells: Mapping[str, str], signs: Signs = "") -> Booked:
    """Read a line of finance's totals, by day if it has one.

    cells: [texts by the names of COLUMNS]. signs: ["reversed" turns the amount]. Raises WrongCell.

    >>> line = {"account": "acme", "currency": "EUR", "month": "2026-03", "amount": "-5"}
    >>> read_booked(line, "reversed").amount
    Decimal('5')
    """
    amount = read.number(cells, "amount")
    if amount is None:
        raise WrongCell("amount", "It is empty: write 0 where nothing was booked.")
    day = read.day(cells, "day") if "day" in cells else None
    return Booked(
        account=read.text(cells, "account", longest=60),
        currency=read.text(cells, "currency", longest=3),
        month=day.replace(day=1) if day else read.month(cells, "month"),
        day=day,
        amount=-amount if signs == "reversed" else amount,
    )


def doubt_about_signs(amounts: list[Decimal]) -> str:
    """Say why the amounts look as if finance counted the other way round; "" if they do not.

    amounts: [of all lines, any sign]

    >>> doubt_about_signs([Decimal(5), Decimal(-1)])
    ''
    """
    below = sum(amount < 0 for amount in amounts)
    if below <= sum(amount > 0 for amount in amounts):
        return ""
    return (
        f"{below} of {len(amounts)} amounts are below 0, and what customers owe is above 0 here: say signs "
        '"reversed" to turn them all, or "as_booked" if they are right.'
    )
