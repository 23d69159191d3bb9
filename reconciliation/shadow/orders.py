"""What orders owe in a month, on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from reconciliation.shadow.books import Books, versioned
from reconciliation.shadow.cycles import Term, dues_in
from reconciliation.shadow.exact_amounts import in_smallest_units, rounded
from reconciliation.shadow.months import midnight
from reconciliation.shadow.whole_numbers import WIDE, Schema

FEES: Schema = {
    "side": pl.String(),
    "account_id": pl.Int64(),
    "product_id": pl.Int64(),
    "price_id": pl.Int64(),
    "order_id": pl.Int64(),
    "cycle_start": pl.Date(),
    "quantity": WIDE,
    "charge": WIDE,
    "true_up": WIDE,
}
_DUE: Schema = {
    "account_id": pl.Int64(),
    "product_id": pl.Int64(),
    "order_id": pl.Int64(),
    "cycle_start": pl.Date(),
    "at": pl.Int64(),
}
_PLACES = 12
Row = Mapping[str, Any]


def fees_of(
    orders: Sequence[Row],
    sides: pl.DataFrame,
    zones: Mapping[int, str],
    books: Books,
    *,
    month: date,
    as_of: int,
) -> pl.DataFrame:
    """Return one row a cycle that owes in the month, on each side (`FEES`).

    orders: of `shadow_orders`. zones: of the accounts. as_of: what is due later is left out. With a price of
    scope account the orders of one product and cycle owe together, and order_id is null.
    """
    dues = {
        (order["id"], due.cycle_start): (order, due)
        for order in orders
        for due in dues_in(_term(order), month)
        if midnight(due.due_on, zones[order["account_id"]]) <= as_of
    }
    rows = [
        (
            order["account_id"],
            order["product_id"],
            *key,
            midnight(due.billed_from, zones[order["account_id"]]),
        )
        for key, (order, due) in dues.items()
    ]
    priced = versioned(pl.DataFrame(rows, schema=_DUE, orient="row"), sides, books).filter(
        (pl.col("from") <= pl.col("at")) & (pl.col("at") < pl.col("to"))
    )
    owed = [_owed(row, *dues[row["order_id"], row["cycle_start"]]) for row in priced.iter_rows(named=True)]
    owed.sort(key=lambda part: tuple(map(str, part["key"])))
    fees = [_fee(key, list(parts), books) for key, parts in groupby(owed, key=itemgetter("key"))]
    return pl.DataFrame(fees, schema=FEES, orient="row")


def _term(order: Row) -> Term:
    names = ("started_on", "charged_from", "ended_on", "cycle", "in_advance", "proration")
    return Term(*(order[name] for name in names))


def _owed(row: Row, order: Row, due: Any) -> dict[str, Any]:
    agreed = order["unit_price"] if row["side"] == "sell" else None
    pooled = row["scope"] == "account" and agreed is None
    key = (
        *(row["side"], row["account_id"], row["product_id"], None if agreed is not None else row["price_id"]),
        *(None if pooled else order["id"], due.cycle_start),
    )
    return {
        "key": key,
        "agreed": agreed,
        "places": row["places"],
        "quantity": order["quantity"],
        "share": due.share,
    }


def _fee(key: tuple[Any, ...], parts: Sequence[Row], books: Books) -> tuple[Any, ...]:
    quantity = sum((Fraction(part["quantity"]) for part in parts), Fraction(0))
    share = sum((Fraction(part["quantity"]) * part["share"] for part in parts), Fraction(0)) / quantity
    places, agreed = parts[0]["places"], parts[0]["agreed"]
    if agreed is not None:
        amounts = (in_smallest_units(quantity * Fraction(agreed) * share, places), 0)
    else:
        amounts = rounded(books.terms.get(key[3]), quantity, 0, places, share)
    return (*key, in_smallest_units(quantity, _PLACES), *amounts)
