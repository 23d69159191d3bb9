"""Rounding is checked against a reference that says the same in other words."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.rounding import (
    CannotAllocate,
    RoundingMode,
    allocate,
    round_money,
    round_quantity,
    round_to,
    round_unit_price,
    show,
    started_units,
)

MINOR_UNITS = st.integers(0, 4)


@pytest.mark.parametrize(
    ("amount", "minor_units", "mode", "rounded"),
    [
        ("24.7752", 2, "half_up", "24.78"),
        ("0.005", 2, "half_up", "0.01"),
        ("-0.005", 2, "half_up", "-0.01"),
        ("0.00499999999999", 2, "half_up", "0.00"),
        ("-0.004", 2, "half_up", "0.00"),
        ("100.5", 0, "half_up", "101"),
        ("-100.5", 0, "half_up", "-101"),
        ("2.7528", 3, "half_up", "2.753"),
        ("112.7", 0, "down", "112"),
        ("-112.7", 0, "down", "-112"),
        ("0.999", 2, "down", "0.99"),
        ("99999999999.994999999999", 2, "half_up", "99999999999.99"),
        ("99999999999.995", 2, "half_up", "100000000000.00"),
        ("123456789012345678901234567890123456.785", 2, "half_up", "123456789012345678901234567890123456.79"),
    ],
)
def test_round_money(amount: str, minor_units: int, mode: RoundingMode, rounded: str) -> None:
    assert str(round_money(Fraction(amount), minor_units, mode=mode)) == rounded
    assert str(round_money(Decimal(amount), minor_units, mode=mode)) == rounded


@given(st.fractions(), MINOR_UNITS)
def test_half_up_is_the_nearest_and_at_half_way_the_farther_from_zero(
    amount: Fraction, minor_units: int
) -> None:
    unit = Fraction(1, 10**minor_units)
    away_from_zero = floor(abs(amount) / unit + Fraction(1, 2)) * unit
    assert Fraction(round_money(amount, minor_units)) == (away_from_zero if amount >= 0 else -away_from_zero)


@given(st.fractions(), MINOR_UNITS)
def test_down_never_leaves_the_amount_and_loses_less_than_one_unit(
    amount: Fraction, minor_units: int
) -> None:
    rounded = Fraction(round_money(amount, minor_units, mode="down"))
    assert abs(rounded) <= abs(amount) < abs(rounded) + Fraction(1, 10**minor_units)
    assert rounded * amount >= 0


@given(st.integers(-(10**40), 10**40), st.integers(0, 12), st.integers(1, 6))
def test_the_decimal_context_is_never_asked(digits: int, decimals: int, precision: int) -> None:
    with localcontext(prec=precision):
        rounded = round_to(Fraction(digits, 10**decimals), decimals)
    assert Fraction(rounded) == Fraction(digits, 10**decimals)


def test_showing() -> None:
    assert round_quantity(Fraction(20, 60)) == Decimal("0.333333")
    assert round_unit_price(Fraction(2, 3)) == Decimal("0.666666666667")
    assert show(Decimal("0")) == "0"
    assert show(Decimal("-0.0000001")) == "0"
    assert show(Fraction(1200)) == "1200"
    assert show(Fraction(-3, 2)) == "-1.5"


@pytest.mark.parametrize(
    ("quantity", "size", "started"),
    [("950", "1000", 1), ("1000", "1000", 1), ("1000.001", "1000", 2), ("0", "7", 0)],
)
def test_started_units(quantity: str, size: str, started: int) -> None:
    assert started_units(Fraction(quantity), Decimal(size)) == started


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.fractions(min_value=0), min_size=1, max_size=8).filter(any),
    MINOR_UNITS,
)
def test_shares_add_up_and_miss_their_proportion_by_less_than_one_unit(
    units: int, weights: list[Fraction], minor_units: int
) -> None:
    amount = Fraction(units, 10**minor_units)
    shares = [Fraction(share) for share in allocate(amount, weights, minor_units)]
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / sum(weights)) < Fraction(1, 10**minor_units)


def test_equal_remainders_go_to_the_one_that_stands_first() -> None:
    assert allocate(Decimal(100), [Decimal(1)] * 3, 2) == (
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    )
    assert allocate(Decimal("-0.05"), [Decimal(1)] * 3, 2) == (
        Decimal("-0.02"),
        Decimal("-0.02"),
        Decimal("-0.01"),
    )


@pytest.mark.parametrize(
    ("amount", "weights"), [("1.00", []), ("1.00", ["0"]), ("1.00", ["2", "-1"]), ("1.005", ["1"])]
)
def test_what_cannot_be_shared(amount: str, weights: list[str]) -> None:
    with pytest.raises(CannotAllocate):
        allocate(Decimal(amount), [Decimal(weight) for weight in weights], 2)
