"""What the independent rater reads: events as they came, accounts, products, orders and price entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from billing_site.common import sql
from billing_site.common.copying import copy_out
from reconciliation.shadow.whole_numbers import Schema

_LIFECYCLE: Schema = {
    "resource": pl.String(),
    "company_id": pl.Int64(),
    "source": pl.String(),
    "event_id": pl.String(),
    "time": pl.Int64(),
    "sequence": pl.Int64(),
    "type": pl.String(),
    "account": pl.String(),
    "items": pl.String(),
    "received": pl.Int64(),
}
_USAGE: Schema = {
    "resource": pl.String(),
    "account": pl.String(),
    "company_id": pl.Int64(),
    "source": pl.String(),
    "event_id": pl.String(),
    "sku": pl.String(),
    "unit": pl.String(),
    "quantity": pl.String(),
    "time": pl.Int64(),
    "until": pl.Int64(),
    "received": pl.Int64(),
    "uid": pl.String(),
}
_ACCOUNTS: Schema = {
    "id": pl.Int64(),
    "code": pl.String(),
    "timezone": pl.String(),
    "seller_id": pl.Int64(),
    "sell_currency": pl.String(),
    "sell_places": pl.Int64(),
    "buyer_id": pl.Int64(),
    "cost_currency": pl.String(),
    "cost_places": pl.Int64(),
}
_PRODUCTS: Schema = {
    "id": pl.Int64(),
    "sku": pl.String(),
    "unit": pl.String(),
    "kind": pl.String(),
    "aggregation": pl.String(),
    "time_rounding": pl.String(),
    "billed_states": pl.String(),
}
_FACTORS: Schema = {
    "product_id": pl.Int64(),
    "unit": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
}
_VOIDS: Schema = {"source": pl.String(), "event_id": pl.String(), "company_id": pl.Int64()}


@dataclass(frozen=True)
class Events:
    """One row a received event: lives, usage records without voids, and what was withdrawn."""

    lifecycle: pl.DataFrame
    usage: pl.DataFrame
    voids: pl.DataFrame


@dataclass(frozen=True)
class Catalogue:
    """One row an account under the head office, a product, a unit factor."""

    accounts: pl.DataFrame
    products: pl.DataFrame
    factors: pl.DataFrame


def read_events(*, head_office: int, start: datetime, until: datetime) -> Events:
    """Read lifecycle events before `until`, and usage records of [start, until)."""
    window = {"head_office": head_office, "start": start, "until": until}
    return Events(
        _frame("shadow_lifecycle_events", window, _LIFECYCLE),
        _frame("shadow_usage_records", window, _USAGE),
        _frame("shadow_voids", window, _VOIDS),
    )


def read_catalogue(*, head_office: int) -> Catalogue:
    """Read what products and accounts are; prices are read when it is known which are needed."""
    return Catalogue(
        _frame("shadow_accounts", {"head_office": head_office}, _ACCOUNTS),
        _frame("shadow_products", {}, _PRODUCTS),
        _frame("shadow_unit_factors", {}, _FACTORS),
    )


def read_orders(*, companies: Sequence[int], until: date) -> list[dict[str, Any]]:
    """Read the orders of the companies' accounts that start before a day."""
    return sql.rows("reconciliation", "shadow_orders", {"companies": list(companies), "until": until})


def _frame(name: str, parameters: Mapping[str, Any], schema: Schema) -> pl.DataFrame:
    """Carry a statement's rows over; quantities stay texts, so that no digit is lost."""
    rows = copy_out("reconciliation", name, parameters)
    if not rows.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(rows, has_header=False, schema=schema)
