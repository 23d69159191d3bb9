"""Rate a month a second time, from what was received, for all accounts of companies at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import polars as pl

from reconciliation.shadow.amounts import amounts_of
from reconciliation.shadow.books import END, read_books
from reconciliation.shadow.lives import Buyer, cut_items, tell_lives
from reconciliation.shadow.months import micros, midnight, month_after
from reconciliation.shadow.orders import fees_of
from reconciliation.shadow.pieces import billed_time, time_pieces, usage_pieces
from reconciliation.shadow.quantities import quantities_of_time, quantities_of_usage
from reconciliation.shadow.reading import read_catalogue, read_events, read_orders
from reconciliation.shadow.usage import counted_records

# Local months begin and end within a day of those of UTC.
_MARGIN = timedelta(days=1)


def rate_again(*, head_office: int, companies: Sequence[int], month: date, as_of: datetime) -> pl.DataFrame:
    """Return one row a charge of the companies' month (`AMOUNTS` and `FEES`, what does not apply is null).

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
    time = billed_time(cut_items(stretches, products), catalogue, months)
    usage = counted_records(events, stretches, catalogue, months, head_office=head_office)
    orders = read_orders(companies=companies, until=month_after(month))
    ordered = pl.Series([order["product_id"] for order in orders], dtype=pl.Int64())
    books = read_books(
        books=sides["company_id"].unique(),
        products=pl.concat([time["product_id"], usage["product_id"], ordered]).unique(),
    )
    decimals = sides.select("side", "account_id", "places")
    zones = dict(accounts.select("id", "timezone").iter_rows())
    return pl.concat(
        [
            amounts_of(quantities_of_time(time_pieces(time, sides, books)), books.terms, decimals),
            amounts_of(quantities_of_usage(usage_pieces(usage, sides, books)), books.terms, decimals),
            fees_of(orders, sides, zones, books, month=month, as_of=micros(as_of)),
        ],
        how="diagonal",
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
