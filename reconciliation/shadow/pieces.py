"""What was used, cut by months and price versions."""

from __future__ import annotations

from itertools import groupby

import polars as pl

from reconciliation.shadow.books import Books, versioned
from reconciliation.shadow.clock_hours import touched_hours
from reconciliation.shadow.quantities import KEY
from reconciliation.shadow.reading import Catalogue

_MINUTE, _HOUR = 60_000_000, 3_600_000_000


def billed_time(parts: pl.DataFrame, catalogue: Catalogue, months: pl.DataFrame) -> pl.DataFrame:
    """One row an unbroken stretch of billed time of an item within the month."""
    products = catalogue.products.filter(pl.col("kind") == "time").select(
        pl.col("id").alias("product_id"), "time_rounding", "billed_states"
    )
    return _unbroken(
        parts.join(products, on="product_id")
        .filter(pl.col("billed_states").str.split(" ").list.contains(pl.col("state")))
        .join(months, on="account_id")
        .with_columns(_later("start", "month_start"), _earlier("end", "month_end"))
        .filter(pl.col("start") < pl.col("end"))
        .select(
            "account_id",
            "resource",
            "product_id",
            "item_quantity",
            "time_rounding",
            "timezone",
            "start",
            "end",
        )
    )


def _unbroken(stretches: pl.DataFrame) -> pl.DataFrame:
    """Join the stretches of an item that follow each other without a hole: rounding counts them as one."""
    same = ("account_id", "resource", "product_id", "item_quantity", "time_rounding", "timezone")
    follows = pl.col("start") == pl.col("end").shift(1).over(same[:4])
    return (
        stretches.sort(*same[:4], "start")
        .with_columns(part=(~follows.fill_null(value=False)).cum_sum())
        .group_by(*same, "part")
        .agg(pl.col("start").min(), pl.col("end").max())
        .drop("part")
    )


def time_pieces(time: pl.DataFrame, sides: pl.DataFrame, books: Books) -> pl.DataFrame:
    """One row a stretch under one price version, with its rounded length in microseconds."""
    cut = (
        versioned(time, sides, books)
        .filter((pl.col("start") < pl.col("to")) & (pl.col("end") > pl.col("from")))
        .with_columns(_later("start", "from"), _earlier("end", "to"))
    )
    length = pl.col("end") - pl.col("start")
    counted = cut.filter(pl.col("time_rounding") != "clock_hour").with_columns(
        micros=pl.when(pl.col("time_rounding") == "started_minute")
        .then((length + _MINUTE - 1) // _MINUTE * _MINUTE)
        .when(pl.col("time_rounding") == "started_hour")
        .then((length + _HOUR - 1) // _HOUR * _HOUR)
        .otherwise(length)
    )
    clocked = cut.filter(pl.col("time_rounding") == "clock_hour").sort(*KEY)
    rows = clocked.select(*KEY, "scope", "start", "end", "timezone").iter_rows()
    hours = [
        (*key, touched_hours(stretch[-3:] for stretch in listed) * _HOUR)
        for key, listed in groupby(rows, key=lambda row: row[:-3])
    ]
    columns = [*KEY, "scope", "micros"]
    by_the_clock = pl.DataFrame(hours, schema={name: counted.schema[name] for name in columns}, orient="row")
    return pl.concat([counted.select(columns), by_the_clock])


def usage_pieces(usage: pl.DataFrame, sides: pl.DataFrame, books: Books) -> pl.DataFrame:
    """One row a record under one price version, with the part of its time that lies in it and the month."""
    priced = versioned(usage.with_columns(item_quantity=pl.lit(None, pl.String)), sides, books)
    instants = priced.filter(
        pl.col("until").is_null() & (pl.col("from") <= pl.col("time")) & (pl.col("time") < pl.col("to"))
    ).with_columns(covered=pl.lit(1, pl.Int64), lasts=pl.lit(1, pl.Int64))
    begins, ends = (
        pl.max_horizontal("time", "month_start", "from"),
        pl.min_horizontal("until", "month_end", "to"),
    )
    whole = (begins == pl.col("time")) & (ends == pl.col("until"))
    lasting = priced.filter(pl.col("until").is_not_null() & (begins < ends)).with_columns(
        covered=pl.when(whole).then(1).otherwise(ends - begins),
        lasts=pl.when(whole).then(1).otherwise(pl.col("until") - pl.col("time")),
    )
    return pl.concat([instants, lasting])


def _later(instant: str, bound: str) -> pl.Expr:
    return pl.max_horizontal(instant, bound).alias(instant)


def _earlier(instant: str, bound: str) -> pl.Expr:
    return pl.min_horizontal(instant, bound).alias(instant)
