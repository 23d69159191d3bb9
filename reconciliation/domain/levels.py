"""The levels of reconciliation: which two systems are set against each other, by which key and measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Level:
    """What is compared: first (left) minus second (right), key by key, never only totals.

    left, right: [the systems]. key: [one comparison for each]. measure: [what is subtracted; both are kept
    where both sides have them]. days: [whether it compares days; else whole months]. rated_again, billed:
    [whether it needs the month rated by the independent rater, and what was billed for it]. finds_repeats:
    [whether the same account, SKU, resource and measure twice means a duplicate]. feed: [what has
    to be sent to us before there is anything to compare; "" nothing]

    Its statement is sql/compare_LEVEL.sql.

    >>> LEVELS["rated_to_invoiced"].key
    'charge'
    """

    left: str
    right: str
    key: str
    measure: Literal["quantity", "amount"]
    days: bool = False
    rated_again: bool = False
    billed: bool = False
    finds_repeats: bool = False
    feed: str = ""


LEVELS = {
    "stream_to_received": Level(
        "control lines, or totals, of the order stream",
        "accepted events",
        "event id; or source, account, SKU and day",
        "quantity",
        days=True,
        feed="control",
    ),
    "received_to_rated": Level(
        "accepted events that are neither void nor excepted", "charges", "account, SKU, resource", "quantity"
    ),
    "rated_to_invoiced": Level(
        "charges of closed months",
        "lines of invoices and credit notes",
        "charge",
        "amount",
        finds_repeats=True,
    ),
    "stream_to_billing": Level(
        "all events, as the independent rater counts them",
        "billed charges",
        "account, SKU, resource",
        "quantity",
        rated_again=True,
        billed=True,
    ),
    "primary_to_secondary": Level(
        "billed charges",
        "charges of the independent rater",
        "account, SKU, resource or order",
        "amount",
        rated_again=True,
        billed=True,
    ),
    "billing_to_finance": Level(
        "invoices less credit notes, gross",
        "finance's totals",
        "account; and day, where finance books days",
        "amount",
        feed="finance",
    ),
    "invoices_to_other": Level(
        "invoices, gross",
        "another billing system's export",
        "system, account and, where it has ours, number",
        "amount",
        days=True,
        feed="export",
    ),
    "stream_to_finance": Level(
        "all events, priced by the independent rater, with tax",
        "finance's totals",
        "account",
        "amount",
        rated_again=True,
        feed="finance",
    ),
}
