"""Lives of resources, told event by event."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

_TURN = ("created", "started", "suspended", "resumed", "stopped", "resized", "transferred", "decommissioned")
# (state, type of event) -> state after it. Every other pair changes nothing.
_MOVES = {
    ("stopped", "started"): "active",
    ("active", "suspended"): "suspended",
    ("stopped", "suspended"): "suspended",
    ("suspended", "resumed"): "active",
    ("active", "stopped"): "stopped",
    ("suspended", "stopped"): "stopped",
}
_ALIVE = frozenset({"active", "suspended", "stopped"})

_STRETCH = {
    "resource": pl.String(),
    "seller_id": pl.Int64(),
    "account_id": pl.Int64(),
    "state": pl.String(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "items": pl.String(),
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Buyer:
    """An account as events name it: its id, its company and that one's head office (0: none)."""

    account_id: int
    company_id: int
    head_office_id: int

    def belongs_to(self, sender: int) -> bool:
        return sender in (self.company_id, self.head_office_id)


def tell_lives(
    events: pl.DataFrame, buyers: Mapping[str, Buyer], skus: frozenset[str], *, head_office: int, until: int
) -> pl.DataFrame:
    """Return one row a stretch [start, end) in which a resource stands the same; what runs ends at `until`.

    items: the JSON text of the event that named them. Events that cannot be placed are left out.
    """
    ranked = events.with_columns(
        turn=pl.col("type").replace_strict({name: place for place, name in enumerate(_TURN)})
    ).sort("resource", "time", "sequence", "turn", "event_id", "source")
    rows = ranked.iter_rows(named=True)
    stretches = [
        stretch
        for resource, its_events in groupby(rows, key=itemgetter("resource"))
        for stretch in _tell(resource, list(its_events), buyers, skus, head_office, until)
    ]
    return pl.DataFrame(stretches, schema=_STRETCH, orient="row")


def _tell(
    resource: str,
    events: list[Row],
    buyers: Mapping[str, Buyer],
    skus: frozenset[str],
    head_office: int,
    until: int,
) -> Iterator[tuple[Any, ...]]:
    placeable = [event for event in events if _is_known(event, buyers, skus)]
    creations = [(place, event) for place, event in enumerate(placeable) if event["type"] == "created"]
    if not creations:
        return
    # What the head office says of a resource beats what its offices say, and of them the first to say it.
    _, decisive = min(
        creations, key=lambda c: (1, c[1]["received"]) if c[1]["company_id"] != head_office else (0, 0)
    )
    senders = (buyers[decisive["account"]].company_id, head_office)
    born, first = next(c for c in creations if c[1]["company_id"] in senders)
    seller = buyers[first["account"]].company_id
    state, account, items, since = (
        "active",
        buyers[first["account"]].account_id,
        first["items"],
        first["time"],
    )
    for event in placeable[born + 1 :]:
        if event["company_id"] not in (seller, head_office):
            continue
        kind = event["type"]
        after = (
            _MOVES.get((state, kind), state),
            buyers[event["account"]].account_id if kind == "transferred" else account,
            event["items"] if kind == "resized" else items,
        )
        if kind != "decommissioned" and after == (state, account, items):
            continue
        if event["time"] > since:
            yield resource, seller, account, state, since, event["time"], items
            since = event["time"]
        if kind == "decommissioned":
            return
        state, account, items = after
    if until > since:
        yield resource, seller, account, state, since, until, items


def _is_known(event: Row, buyers: Mapping[str, Buyer], skus: frozenset[str]) -> bool:
    """Whether the account and the products that it names are there, and the sender's to name."""
    if event["type"] in ("created", "transferred"):
        buyer = buyers.get(event["account"])
        if buyer is None or not buyer.belongs_to(event["company_id"]):
            return False
    if event["items"] is None:
        return True
    return all(item["sku"] in skus for item in json.loads(event["items"]))


def cut_items(stretches: pl.DataFrame, products: Mapping[str, int]) -> pl.DataFrame:
    """Return one row a stretch and item: its product and quantity [text]."""
    texts = stretches["items"].unique().drop_nulls().to_list()
    parts = [
        (text, products[item["sku"]], _plain(item["quantity"])) for text in texts for item in json.loads(text)
    ]
    items = pl.DataFrame(
        parts,
        schema={"items": pl.String(), "product_id": pl.Int64(), "item_quantity": pl.String()},
        orient="row",
    )
    return stretches.join(items, on="items").drop("items")


def _plain(quantity: str) -> str:
    """Return a number without exponent and trailing zeros: quantities that are equal read equal."""
    digits = f"{Decimal(quantity):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
