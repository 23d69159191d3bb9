"""What each charge's quantity is: rule 5 told in columns.

Most charges add up in whole numbers of 128 bits. Those whose records have no common denominator, or too many
digits, are added up one by one as fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

import polars as pl

from reconciliation.shadow.whole_numbers import DIGITS, WIDE, digits, mantissa, places, power

KEY = ("side", "account_id", "resource", "product_id", "item_quantity", "price_id")
_HOUR = 3_600_000_000
# A sum of a billion records has nine digits more than one of them.
_ROOM = 9


@dataclass(frozen=True)
class Quantities:
    """One row a charge. `columns`: KEY, numerator, denominator, records. `fractions`: all others."""

    columns: pl.DataFrame
    fractions: list[tuple[tuple[Any, ...], Fraction, int]]


def quantities_of_time(pieces: pl.DataFrame) -> Quantities:
    """Add up billed time. pieces: KEY, scope, micros (of a stretch of time under one price version)."""
    summed = pieces.group_by(*KEY, "scope").agg(pl.col("micros").sum())
    return _add_up(
        _pool(summed).with_columns(
            quantity=pl.col("measured_quantity"),
            numerator=pl.lit(1, pl.Int64),
            denominator=pl.lit(_HOUR, pl.Int64),
            covered=pl.col("micros"),
            lasts=pl.lit(1, pl.Int64),
            records=pl.lit(0, pl.Int64),
        )
    )


def quantities_of_usage(pieces: pl.DataFrame) -> Quantities:
    """Add up, or pick from, usage records.

    pieces: one row a record under one price version: KEY, scope, aggregation, quantity (text), numerator
    and denominator (of its unit), covered and lasts (microseconds; 1 and 1 where it is not cut), time,
    received, uid.
    """
    pooled = _pool(pieces).with_columns(records=pl.lit(1, pl.Int64))
    added = _add_up(pooled.filter(pl.col("aggregation") == "sum"))
    picked = pooled.filter(pl.col("aggregation") != "sum").sort(*KEY, "time", "received", "uid")
    rows = picked.iter_rows(named=True)
    chosen = [_pick(key, list(records)) for key, records in groupby(rows, key=_key)]
    return Quantities(added.columns, added.fractions + chosen)


def _pool(pieces: pl.DataFrame) -> pl.DataFrame:
    """Take resource and item quantity from the key of what a price of scope account sums."""
    pooled = pl.col("scope") == "account"
    return pieces.with_columns(
        measured_quantity=pl.col("item_quantity"),
        resource=pl.when(pooled).then(pl.lit("")).otherwise("resource"),
        item_quantity=pl.when(pooled).then(None).otherwise("item_quantity"),
    )


def _add_up(rows: pl.DataFrame) -> Quantities:
    """Sum quantity x numerator / denominator x covered / lasts of the rows of each charge."""
    placed = rows.with_columns(fine=places("quantity").max().over("product_id"))
    wide = placed.with_columns(
        divisor=pl.col("denominator") * pl.col("lasts"),
        fits=digits(pl.col("quantity"))
        + pl.col("fine")
        + digits(pl.col("numerator"))
        + digits(pl.col("covered"))
        + _ROOM
        <= DIGITS,
    ).with_columns(
        alike=((pl.col("divisor").n_unique() == 1) & pl.col("fits").all()).over(KEY),
    )
    summed = (
        wide.filter("alike")
        .group_by(*KEY, "divisor", "fine")
        .agg(
            numerator=(
                mantissa("quantity")
                * power(pl.col("fine") - places("quantity"))
                * pl.col("numerator").cast(WIDE)
                * pl.col("covered").cast(WIDE)
            ).sum(),
            records=pl.col("records").sum(),
        )
        .with_columns(denominator=power(pl.col("fine")) * pl.col("divisor").cast(WIDE))
    )
    others = wide.filter(~pl.col("alike")).sort(*KEY).iter_rows(named=True)
    return Quantities(
        summed.select(*KEY, "numerator", "denominator", "records"),
        [_sum(key, list(listed)) for key, listed in groupby(others, key=_key)],
    )


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


def _sum(key: tuple[Any, ...], rows: list[dict[str, Any]]) -> tuple[tuple[Any, ...], Fraction, int]:
    return key, sum((_measure(row) for row in rows), Fraction(0)), sum(row["records"] for row in rows)


def _pick(key: tuple[Any, ...], rows: list[dict[str, Any]]) -> tuple[tuple[Any, ...], Fraction, int]:
    """Choose by the product's aggregation; the rows are in the order of time, then receipt."""
    match rows[0]["aggregation"]:
        case "max":
            quantity = max(_measure(row) for row in rows)
        case "last":
            quantity = _measure(rows[-1])
        case _:
            quantity = Fraction(len({row["quantity"] for row in rows}))
    return key, quantity, len(rows)


def _measure(row: dict[str, Any]) -> Fraction:
    factor = Fraction(row["numerator"], row["denominator"]) * Fraction(row["covered"], row["lasts"])
    return Fraction(row["quantity"]) * factor
