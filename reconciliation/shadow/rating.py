"""Rate a month a second time, from what was received, for all accounts of companies at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import polars as pl

from reconciliation.shadow.amounts import amounts_of
from reconciliation.shadow.books import END, Books, read_books
from reconciliation.shadow.clock_hours import touched_hours
from reconciliation.shadow.lives import Buyer, cut_items, tell_lives
from reconciliation.shadow.months import micros, midnight, month_after
from reconciliation.shadow.quantities import KEY, quantities_of_time, quantities_of_usage
from reconciliation.shadow.reading import Catalogue, read_catalogue, read_events
from reconciliation.shadow.usage import counted_records

_MINUTE, _HOUR = 60_000_000, 3_600_000_000
# Local months begin and end within a day of those of UTC.
_MARGIN = timedelta(days=1)


def rate_again(*, head_office: int, companies: Sequence[int], month: date, as_of: datetime) -> pl.DataFrame:
    """Return one row a charge of time and usage in the companies' month (see `amounts.AMOUNTS`).

    head_office, companies: ids. month: its first day, on each account's own clock. as_of: what runs is
    counted until then.
    """
    catalogue = read_catalogue(head_office=head_office)
    accounts = catalogue.accounts.filter(pl.col("seller_id").is_in(companies))
    months, sides = _months(accounts, month, micros(as_of)), _sides(accounts)
    first = datetime(month.year, month.month, 1, tzinfo=UTC)
    events = read_events(
        head_office=head_office,
        start=first - _MARGIN,
        until=first.replace(day=28) + timedelta(days=5) + _MARGIN,
    )
    products = dict(catalogue.products.select("sku", "id").iter_rows())
    stretches = tell_lives(
        events.lifecycle, _buyers(catalogue.accounts), frozenset(products), head_office=head_office, until=END
    )
    time = _billed_time(cut_items(stretches, products), catalogue, months)
    usage = counted_records(events, stretches, catalogue, months, head_office=head_office)
    books = read_books(
        books=sides["company_id"].unique(),
        products=pl.concat([time["product_id"], usage["product_id"]]).unique(),
    )
    decimals = sides.select("side", "account_id", "places")
    return pl.concat(
        [
            amounts_of(quantities_of_time(_time_pieces(time, sides, books)), books.terms, decimals),
            amounts_of(quantities_of_usage(_usage_pieces(usage, sides, books)), books.terms, decimals),
        ]
    )


def _sides(accounts: pl.DataFrame) -> pl.DataFrame:
    """One row an account and side: whose book prices it, in which currency with how many decimals."""
    sell = accounts.select(
        pl.lit("sell").alias("side"),
        pl.col("id").alias("account_id"),
        pl.col("seller_id").alias("company_id"),
        pl.col("sell_currency").alias("currency"),
        pl.col("sell_places").alias("places"),
    )
    cost = accounts.filter(pl.col("buyer_id").is_not_null()).select(
        pl.lit("cost").alias("side"),
        pl.col("id").alias("account_id"),
        pl.col("buyer_id").alias("company_id"),
        pl.col("cost_currency").alias("currency"),
        pl.col("cost_places").alias("places"),
    )
    return pl.concat([sell, cost])


def _months(accounts: pl.DataFrame, month: date, as_of: int) -> pl.DataFrame:
    """One row an account: its zone, and where the month begins and ends on its clock (or counting stops)."""
    zones = accounts["timezone"].unique().to_list()
    bounds = [(zone, midnight(month, zone), min(midnight(month_after(month), zone), as_of)) for zone in zones]
    schema = {"timezone": pl.String, "month_start": pl.Int64, "month_end": pl.Int64}
    of_zones = pl.DataFrame(bounds, schema=schema, orient="row")
    return accounts.select(pl.col("id").alias("account_id"), "timezone").join(of_zones, on="timezone")


def _buyers(accounts: pl.DataFrame) -> dict[str, Buyer]:
    columns = accounts.select("code", "id", "seller_id", pl.col("buyer_id").fill_null(pl.col("seller_id")))
    return {code: Buyer(*ids) for code, *ids in columns.iter_rows()}


def _billed_time(parts: pl.DataFrame, catalogue: Catalogue, months: pl.DataFrame) -> pl.DataFrame:
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


def _time_pieces(time: pl.DataFrame, sides: pl.DataFrame, books: Books) -> pl.DataFrame:
    """One row a stretch under one price version, with its rounded length in microseconds."""
    cut = (
        _versioned(time, sides, books)
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


def _usage_pieces(usage: pl.DataFrame, sides: pl.DataFrame, books: Books) -> pl.DataFrame:
    """One row a record under one price version, with the part of its time that lies in it and the month."""
    versioned = _versioned(usage.with_columns(item_quantity=pl.lit(None, pl.String)), sides, books)
    instants = versioned.filter(
        pl.col("until").is_null() & (pl.col("from") <= pl.col("time")) & (pl.col("time") < pl.col("to"))
    ).with_columns(covered=pl.lit(1, pl.Int64), lasts=pl.lit(1, pl.Int64))
    begins, ends = (
        pl.max_horizontal("time", "month_start", "from"),
        pl.min_horizontal("until", "month_end", "to"),
    )
    whole = (begins == pl.col("time")) & (ends == pl.col("until"))
    lasting = versioned.filter(pl.col("until").is_not_null() & (begins < ends)).with_columns(
        covered=pl.when(whole).then(1).otherwise(ends - begins),
        lasts=pl.when(whole).then(1).otherwise(pl.col("until") - pl.col("time")),
    )
    return pl.concat([instants, lasting])


def _versioned(used: pl.DataFrame, sides: pl.DataFrame, books: Books) -> pl.DataFrame:
    """Set what was used beside every version of its price, on both sides; an agreed price beats the book."""
    agreed = (
        books.versions.filter(pl.col("agreed_with") != 0)
        .select("company_id", "currency", "product_id", "agreed_with")
        .unique()
        .with_columns(side=pl.lit("sell"), account_id=pl.col("agreed_with"))
    )
    sided = used.join(sides, on="account_id").join(
        agreed, on=["side", "company_id", "currency", "product_id", "account_id"], how="left"
    )
    priced = books.versions.filter(pl.col("price_id").is_not_null())
    return sided.with_columns(pl.col("agreed_with").fill_null(0)).join(
        priced, on=["company_id", "currency", "product_id", "agreed_with"]
    )


def _later(instant: str, bound: str) -> pl.Expr:
    return pl.max_horizontal(instant, bound).alias(instant)


def _earlier(instant: str, bound: str) -> pl.Expr:
    return pl.min_horizontal(instant, bound).alias(instant)
