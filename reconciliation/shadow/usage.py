"""Which usage records count, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import polars as pl

from reconciliation.shadow.reading import Catalogue, Events

_LINE = ("resource", "account", "product_id")


def counted_records(
    events: Events, stretches: pl.DataFrame, catalogue: Catalogue, months: pl.DataFrame, *, head_office: int
) -> pl.DataFrame:
    """Return one row a usage record that counts in its account's month.

    stretches: of `tell_lives`. months: account_id, month_start, month_end. Neither voided ones, nor those of
    unknown products, units, resources, accounts, nor those that cover time which an earlier one of the others
    covers.
    """
    # Who sent a record can withdraw it, and the head office.
    standing = events.usage.join(events.voids, on=["source", "event_id", "company_id"], how="anti").join(
        events.voids.filter(pl.col("company_id") == head_office), on=["source", "event_id"], how="anti"
    )
    placed = pl.concat(
        [
            _of_resources(standing, stretches, head_office),
            _of_accounts(standing, catalogue.accounts),
        ]
    )
    measured = _in_units(placed, catalogue)
    billable = measured.join(_overlapping(measured), on=["source", "event_id"], how="anti").drop("account")
    return billable.join(months, on="account_id").filter(
        pl.when(pl.col("until").is_null())
        .then((pl.col("time") >= pl.col("month_start")) & (pl.col("time") < pl.col("month_end")))
        .otherwise((pl.col("until") > pl.col("month_start")) & (pl.col("time") < pl.col("month_end")))
    )


def _of_resources(records: pl.DataFrame, stretches: pl.DataFrame, head_office: int) -> pl.DataFrame:
    """Give each record to the account that had the resource at its time."""
    owned = stretches.select("resource", "seller_id", "account_id", "start", "end").sort("start")
    found = (
        records.filter(pl.col("resource") != "")
        .sort("time")
        .join_asof(owned, left_on="time", right_on="start", by="resource", check_sortedness=False)
    )
    mine = pl.col("company_id").is_in([head_office]) | (pl.col("company_id") == pl.col("seller_id"))
    return found.filter((pl.col("time") < pl.col("end")) & mine).drop("seller_id", "start", "end")


def _of_accounts(records: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Give each record without a resource to the account that it names, if its sender may name it."""
    named = accounts.select(
        pl.col("code").alias("account"), pl.col("id").alias("account_id"), "seller_id", "buyer_id"
    )
    found = records.filter(pl.col("resource") == "").join(named, on="account")
    mine = (pl.col("company_id") == pl.col("seller_id")) | (
        pl.col("company_id") == pl.col("buyer_id").fill_null(pl.col("seller_id"))
    )
    return found.filter(mine).drop("seller_id", "buyer_id")


def _in_units(records: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Add the product and the factor that makes the record's unit the product's."""
    products = catalogue.products.filter(pl.col("kind") == "usage").select(
        "sku", pl.col("id").alias("product_id"), pl.col("unit").alias("own_unit"), "aggregation"
    )
    found = records.join(products, on="sku").join(catalogue.factors, on=["product_id", "unit"], how="left")
    own = pl.col("unit").is_in([""]) | (pl.col("unit") == pl.col("own_unit"))
    return (
        found.filter(own | pl.col("numerator").is_not_null())
        .with_columns(
            numerator=pl.when(own).then(1).otherwise(pl.col("numerator")),
            denominator=pl.when(own).then(1).otherwise(pl.col("denominator")),
        )
        .drop("own_unit", "unit", "company_id", "sku")
    )


def _overlapping(records: pl.DataFrame) -> pl.DataFrame:
    """Return source and event_id of the records that cover time which one received earlier covers."""
    lasting = records.filter(pl.col("until").is_not_null()).sort(*_LINE, "time")
    reached = pl.col("until").cum_max().shift(1).over(_LINE)
    touching = (reached > pl.col("time")) | (pl.col("time").shift(-1).over(_LINE) < pl.col("until"))
    lines = lasting.filter(touching.fill_null(value=False)).select(_LINE).unique()
    suspicious = lasting.join(lines, on=_LINE).sort(*_LINE, "received", "uid")
    rows = suspicious.select(*_LINE, "source", "event_id", "time", "until").iter_rows()
    found = [
        identity for _, line in groupby(rows, key=lambda row: row[:3]) for identity in _late_covers(line)
    ]
    return pl.DataFrame(found, schema={"source": pl.String(), "event_id": pl.String()}, orient="row")


def _late_covers(records: Iterator[Any]) -> Iterator[tuple[str, str]]:
    """Yield what covers time that an earlier one covers; the records come in the order of receipt."""
    earlier: list[tuple[int, int]] = []
    for _, _, _, source, event_id, time, until in records:
        if any(start < until and end > time for start, end in earlier):
            yield source, event_id
        earlier.append((time, until))
