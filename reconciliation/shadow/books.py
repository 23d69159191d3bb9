"""Price books: which entry counts when, and its terms as integers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from billing_site.common import sql

BEGINNING, END = -(2**62), 2**62
_MONEY = ("unit_price", "fee", "package_price", "fixed_fee", "cap", "minimum")
_TIER_MONEY = ("unit_price", "flat_fee")
Row = dict[str, Any]

VERSIONS = {
    "company_id": pl.Int64(),
    "currency": pl.String(),
    "product_id": pl.Int64(),
    "agreed_with": pl.Int64(),
    "price_id": pl.Int64(),
    "scope": pl.String(),
    "from": pl.Int64(),
    "to": pl.Int64(),
}


@dataclass(frozen=True)
class Tier:
    """Quantities in (lower, up_to] x 1 / quantity scale; money x 1 / money scale. up_to None: open."""

    lower: int
    up_to: int | None
    unit_price: int
    flat_fee: int


@dataclass(frozen=True)
class Terms:
    """A price entry in whole numbers: of 1 / money_scale for money, of 1 / quantity_scale for quantities."""

    price_id: int
    model: str
    money_scale: int
    quantity_scale: int
    unit_price: int
    fee: int
    package_size: int
    package_price: int
    fixed_fee: int
    cap: int | None
    minimum: int | None
    included: int
    tiers: tuple[Tier, ...]


@dataclass(frozen=True)
class Books:
    """`versions`: one row a stretch of time in which one entry counts (price_id null: none does)."""

    versions: pl.DataFrame
    terms: dict[int, Terms]


def read_books(*, books: Iterable[int], products: Iterable[int]) -> Books:
    """Read the entries of the companies' books for the products.

    `agreed_with` 0 is the book itself; an account that agreed on prices of a product has its own versions.
    """
    entries = sql.rows("reconciliation", "shadow_prices", {"books": list(books), "products": list(products)})
    tiers: defaultdict[int, list[Row]] = defaultdict(list)
    prices = [entry["id"] for entry in entries]
    for tier in sql.rows("reconciliation", "shadow_price_tiers", {"prices": prices}):
        tiers[tier["price_id"]].append(tier)
    by_key: defaultdict[tuple[int, str, int], list[Row]] = defaultdict(list)
    for entry in entries:
        by_key[entry["company_id"], entry["currency"], entry["product_id"]].append(entry)
    rows = [
        (*key, agreed_with, *version)
        for key, listed in by_key.items()
        for agreed_with in sorted({entry["account_id"] or 0 for entry in listed} | {0})
        for version in _versions([entry for entry in listed if entry["account_id"] in (None, agreed_with)])
    ]
    return Books(
        pl.DataFrame(rows, schema=VERSIONS, orient="row"),
        {entry["id"]: _terms(entry, tiers[entry["id"]]) for entry in entries},
    )


def versioned(used: pl.DataFrame, sides: pl.DataFrame, books: Books) -> pl.DataFrame:
    """Set what was used (account_id, product_id, ...) beside every version of its price, on both sides.

    sides: side, account_id, company_id, currency. What the account agreed on beats the book, where it sells.
    """
    agreed = (
        books.versions.filter(pl.col("agreed_with") != 0)
        .select("company_id", "currency", "product_id", "agreed_with")
        .unique()
        .with_columns(side=pl.lit("sell"), account_id=pl.col("agreed_with"))
    )
    sided = used.join(sides, on="account_id").join(
        agreed, on=["side", "company_id", "currency", "product_id", "account_id"], how="left"
    )
    priced = sided.with_columns(pl.col("agreed_with").fill_null(0)).join(
        books.versions, on=["company_id", "currency", "product_id", "agreed_with"], how="left"
    )
    # What no book names has one version: no price, for ever.
    return priced.with_columns(pl.col("from").fill_null(BEGINNING), pl.col("to").fill_null(END))


def _versions(entries: Sequence[Row]) -> Iterable[tuple[int | None, str | None, int, int]]:
    """Yield (price, scope, from, to) without holes over all time; entries are in the order entered."""
    bounds = sorted(
        {BEGINNING, END} | {entry["valid_from"] for entry in entries} | {_end(entry) for entry in entries}
    )
    current: tuple[int | None, str | None] | None = None
    since = BEGINNING
    for instant in bounds[:-1]:
        counting = [entry for entry in entries if entry["valid_from"] <= instant < _end(entry)]
        best = max(
            enumerate(counting),
            key=lambda placed: (placed[1]["account_id"] is not None, placed[1]["valid_from"], placed[0]),
            default=(0, None),
        )[1]
        found = (best["id"], best["scope"]) if best else (None, None)
        if current is not None and found != current:
            yield *current, since, instant
            since = instant
        current = found
    yield *(current or (None, None)), since, END


def _end(entry: Row) -> int:
    return END if entry["valid_to"] is None else int(entry["valid_to"])


def _terms(entry: Row, tiers: Sequence[Row]) -> Terms:
    """Bring all money, and all quantities, of an entry to whole numbers of one fine unit each."""
    # A percentage is a unit price of a hundredth.
    if entry["percent"] is not None:
        entry = {**entry, "unit_price": entry["percent"].scaleb(-2)}
    money = [entry[name] for name in _MONEY] + [tier[name] for tier in tiers for name in _TIER_MONEY]
    quantities = [entry["included"], entry["package_size"]]
    quantities += [tier[name] for tier in tiers for name in ("lower", "up_to")]
    money_scale, quantity_scale = _scale(money), _scale(quantities)
    return Terms(
        price_id=entry["id"],
        model=entry["model"],
        money_scale=money_scale,
        quantity_scale=quantity_scale,
        unit_price=_whole(entry["unit_price"] or 0, money_scale),
        fee=_whole(entry["fee"] or 0, money_scale),
        package_size=_whole(entry["package_size"] or 0, quantity_scale),
        package_price=_whole(entry["package_price"] or 0, money_scale),
        fixed_fee=_whole(entry["fixed_fee"] or 0, money_scale),
        cap=None if entry["cap"] is None else _whole(entry["cap"], money_scale),
        minimum=None if entry["minimum"] is None else _whole(entry["minimum"], money_scale),
        included=_whole(entry["included"], quantity_scale),
        tiers=tuple(_tier(tier, money_scale, quantity_scale) for tier in tiers),
    )


def _tier(tier: Mapping[str, Any], money_scale: int, quantity_scale: int) -> Tier:
    return Tier(
        _whole(tier["lower"], quantity_scale),
        None if tier["up_to"] is None else _whole(tier["up_to"], quantity_scale),
        _whole(tier["unit_price"], money_scale),
        _whole(tier["flat_fee"], money_scale),
    )


def _scale(numbers: Iterable[Decimal | None]) -> int:
    """Return the power of ten that makes all of the numbers whole."""
    return int(10 ** max(_places(number) for number in (Decimal(0), *numbers) if number is not None))


def _places(number: Decimal) -> int:
    """Return how many decimals a number needs."""
    decimals = f"{number:f}".partition(".")[2]
    return len(decimals.rstrip("0"))


def _whole(number: Decimal | int, scale: int) -> int:
    return int(Fraction(number) * scale)
