"""What quantities are worth: the price models told in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from reconciliation.shadow.books import Terms
from reconciliation.shadow.exact_amounts import in_smallest_units, rounded
from reconciliation.shadow.quantities import KEY, Quantities
from reconciliation.shadow.whole_numbers import DIGITS, WIDE, Schema, digits, power

AMOUNTS: Schema = {
    "side": pl.String(),
    "account_id": pl.Int64(),
    "resource": pl.String(),
    "product_id": pl.Int64(),
    "item_quantity": pl.String(),
    "price_id": pl.Int64(),
    "quantity": WIDE,
    "charge": WIDE,
    "true_up": WIDE,
}
_CARD: Schema = {
    "price_id": pl.Int64(),
    "model": pl.String(),
    "widest": pl.Int64(),
    **dict.fromkeys(
        ("money_scale", "quantity_scale", "unit_price", "fee", "package_size", "package_price"), WIDE
    ),
    **dict.fromkeys(("fixed_fee", "cap", "minimum", "included"), WIDE),
}
_TIERS: Schema = {"price_id": pl.Int64(), **dict.fromkeys(("lower", "up_to", "tier_price", "tier_fee"), WIDE)}
_NOTHING = pl.lit(0, WIDE)
_FINE = 12


def amounts_of(quantities: Quantities, terms: Mapping[int, Terms], decimals: pl.DataFrame) -> pl.DataFrame:
    """Return one row a charge (`AMOUNTS`): its quantity counted in 10^-12, its amount and true-up in the
    currency's smallest unit; 0 where it has no price.

    decimals: side, account_id, places (of the currency in which that side of the account is priced).
    """
    used = [terms[price] for price in quantities.columns["price_id"].unique().drop_nulls()]
    card = pl.DataFrame([_card(entry) for entry in used], schema=_CARD, orient="row")
    rows = (
        quantities.columns.filter(pl.col("numerator") > 0)
        .join(card, on="price_id", how="left")
        .join(decimals, on=["side", "account_id"])
    )
    # The widest numbers below are quantity x both scales x money x 2 x 10^places, and quantity x 2 x 10^12.
    both_scales = digits(pl.col("denominator")) + digits(pl.col("quantity_scale"))
    widest = pl.max_horizontal((both_scales + pl.col("widest")).fill_null(0) + 5, _FINE + 1)
    fits = digits(pl.col("numerator")) + widest <= DIGITS
    others = [
        (tuple(row[name] for name in KEY), Fraction(row["numerator"], row["denominator"]), row["records"])
        for row in rows.filter(~fits).iter_rows(named=True)
    ]
    return pl.concat(
        [
            _in_columns(rows.filter(fits), used),
            _one_by_one([*others, *quantities.fractions], terms, decimals),
        ]
    )


def _card(entry: Terms) -> tuple[Any, ...]:
    whole = (entry.unit_price, entry.fee, entry.package_size, entry.package_price, entry.fixed_fee)
    tiers = [
        number for tier in entry.tiers for number in (tier.lower, tier.up_to, tier.unit_price, tier.flat_fee)
    ]
    numbers = [entry.money_scale, *whole, entry.cap, entry.minimum, entry.included, *tiers]
    widest = max(len(str(number)) for number in numbers if number is not None)
    terms = (entry.money_scale, entry.quantity_scale, *whole[:4], entry.fixed_fee, entry.cap, entry.minimum)
    return (entry.price_id, entry.model, widest, *terms, entry.included)


def _in_columns(rows: pl.DataFrame, used: Iterable[Terms]) -> pl.DataFrame:
    """Compute amount x money_scale x unit, where quantity = charged / unit."""
    charged = rows.with_row_index("row").with_columns(
        unit=pl.col("denominator") * pl.col("quantity_scale"),
        charged=pl.max_horizontal(
            pl.col("numerator") * pl.col("quantity_scale") - pl.col("included") * pl.col("denominator"),
            _NOTHING,
        ),
    )
    tiered = _tiered(charged, used)
    package = pl.col("package_size") * pl.col("denominator")
    any_units = pl.col("charged") > 0
    amount = (
        pl.when(pl.col("model") == "per_unit")
        .then(pl.col("charged") * pl.col("unit_price"))
        .when(pl.col("model") == "percentage")
        .then(
            pl.col("charged") * pl.col("unit_price")
            + pl.col("records").cast(WIDE) * pl.col("fixed_fee") * pl.col("unit")
        )
        .when(pl.col("model") == "flat")
        .then(pl.when(any_units).then(pl.col("fee") * pl.col("unit")).otherwise(_NOTHING))
        .when(pl.col("model") == "package")
        .then((pl.col("charged") + package - 1) // package * pl.col("package_price") * pl.col("unit"))
        .otherwise(pl.col("tiered"))
    )
    priced = (
        charged.join(tiered, on="row", how="left")
        .with_columns(amount=amount.fill_null(0))
        .with_columns(amount=pl.min_horizontal("amount", pl.col("cap") * pl.col("unit")))
        .with_columns(
            quantity=(2 * pl.col("numerator") * 10**_FINE + pl.col("denominator"))
            // (2 * pl.col("denominator")),
            charge=_rounded(pl.col("amount"), pl.col("unit") * pl.col("money_scale")).fill_null(0),
        )
        .with_columns(
            true_up=pl.max_horizontal(
                _rounded(pl.col("minimum"), pl.col("money_scale")) - pl.col("charge"), _NOTHING
            ).fill_null(0)
        )
    )
    return priced.select(*AMOUNTS).cast(pl.Schema(AMOUNTS))


def _tiered(charged: pl.DataFrame, used: Iterable[Terms]) -> pl.DataFrame:
    """Return row and `tiered`, its amount by the tiers of its price."""
    listed = [
        (entry.price_id, tier.lower, tier.up_to, tier.unit_price, tier.flat_fee)
        for entry in used
        for tier in entry.tiers
    ]
    tiers = pl.DataFrame(listed, schema=_TIERS, orient="row")
    lower, upper = pl.col("lower") * pl.col("denominator"), pl.col("up_to") * pl.col("denominator")
    entered = (
        charged.select("row", "price_id", "model", "charged", "denominator", "unit")
        .join(tiers, on="price_id")
        .filter(pl.col("charged") > lower)
        .with_columns(
            whole=pl.col("model") != "graduated",
            inside=pl.min_horizontal("charged", upper) - lower,
            reached_end=pl.col("charged") > upper,
        )
        # By volume, and in steps, only the tier counts that the total falls in.
        .filter(~(pl.col("whole") & pl.col("reached_end").fill_null(value=False)))
    )
    part = pl.when("whole").then("charged").otherwise("inside") * pl.col("tier_price")
    return entered.group_by("row").agg(tiered=(part + pl.col("tier_fee") * pl.col("unit")).sum())


def _rounded(amount: pl.Expr, scale: pl.Expr) -> pl.Expr:
    """Half up, in the currency's smallest unit; amounts are not negative."""
    return (2 * amount * power(pl.col("places")) + scale) // (2 * scale)


def _one_by_one(
    charges: Iterable[tuple[tuple[Any, ...], Fraction, int]],
    terms: Mapping[int, Terms],
    decimals: pl.DataFrame,
) -> pl.DataFrame:
    places = {(side, account): number for side, account, number in decimals.iter_rows()}
    rows = [
        (
            *key,
            in_smallest_units(quantity, _FINE),
            *rounded(terms.get(key[-1]), quantity, records, places[key[:2]]),
        )
        for key, quantity, records in charges
        if quantity > 0
    ]
    return pl.DataFrame(rows, schema=AMOUNTS, orient="row")
