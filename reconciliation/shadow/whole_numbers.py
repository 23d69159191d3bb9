"""Quantities as whole numbers in columns of 128 bits: numerator and denominator, never a float."""

from __future__ import annotations

import polars as pl

Schema = dict[str, pl.DataType]
WIDE: pl.DataType = pl.Int128()
# 10^37 is the highest power that a column of 128 bits holds with room for a digit more.
_POWERS = pl.Series("powers", [10**exponent for exponent in range(38)], dtype=WIDE)
DIGITS = 37


def places(text: str) -> pl.Expr:
    """How many decimals the numbers of a text column have; they come without trailing zeros."""
    decimals = pl.col(text).str.split_exact(".", 1).struct.field("field_1")
    return decimals.str.len_bytes().fill_null(0).cast(pl.Int64)


def mantissa(text: str) -> pl.Expr:
    """The numbers of a text column without their point."""
    return pl.col(text).str.replace(".", "", literal=True).cast(WIDE)


def power(exponent: pl.Expr) -> pl.Expr:
    """10 to the exponent [0 to 37]."""
    return pl.lit(_POWERS).gather(exponent)


def digits(number: pl.Expr) -> pl.Expr:
    """How many digits the whole numbers have: the product of two has at most as many as both together."""
    return number.cast(pl.String).str.len_bytes().cast(pl.Int64)
