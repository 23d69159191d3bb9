from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_site.common.errors import BillingError
from catalogue.domain.money import (
    Currency,
    InvalidAmount,
    NotANumber,
    check_amount,
    convert,
    cross_rate,
    parse_decimal,
    percent_of,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0e999999", "0"),
        ("+1.50", "1.50"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1E3", "1000"),
        ("1.5e-7", "0.00000015"),
        ("-2.25", "-2.25"),
        ("0.000000000001", "0.000000000001"),
        ("0.10000000000000", "0.1"),
        ("999999999999999999.999999999999", "999999999999999999.999999999999"),
    ],
)
def test_a_number_is_read_exactly(text: str, number: str) -> None:
    assert parse_decimal(text) == Decimal(number)
    assert "E" not in str(format(parse_decimal(text), "f"))


@pytest.mark.parametrize(
    "text",
    (
        *("", " 1", "1 ", "1,5", "1.234,50", "1,234.50", "1_000", "NaN", "Infinity", "-inf", "0x10", "1e"),
        *("e5", ".", "١", "1" * 101, "$1", "1-", "--1", "1e1.5"),
    ),
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_decimal(text)


@pytest.mark.parametrize(
    "text", ["1e18", "1e999999", "1e-999999", "0.0000000000001", "-1e18", "1.0000000000001"]
)
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_decimal(text)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_one_sentence(text: str) -> None:
    try:
        number = parse_decimal(text)
    except BillingError as refusal:
        assert refusal.sentence.endswith(".")
    else:
        assert Fraction(number) == Fraction(Decimal(text))


@pytest.mark.parametrize(
    ("number", "above_zero"),
    [("-0.01", False), ("0", True), ("NaN", False), ("Infinity", False), ("1e18", False), ("1e-13", False)],
)
def test_what_is_no_price(number: str, above_zero: bool) -> None:
    with pytest.raises(InvalidAmount, match="The fee"):
        check_amount("The fee", Decimal(number), above_zero=above_zero)


def test_currencies_round_to_their_own_minor_unit() -> None:
    assert Currency("JPY", 0).round(Decimal("333.4")) == 333
    assert Currency("KWD", 3).round(Decimal("2.7528")) == Decimal("2.753")


def test_percent_is_exact() -> None:
    assert percent_of(Decimal("8180.00"), Decimal("9.975")) == Fraction("815.955")


@given(st.decimals(0, 10**12, places=2), st.decimals("0.000001", 10**4, places=6), st.integers(0, 4))
def test_conversion_is_rounded_once(amount: Decimal, rate: Decimal, minor_units: int) -> None:
    exact = Fraction(amount) * Fraction(rate)
    assert abs(Fraction(convert(amount, rate, Currency("XXX", minor_units))) - exact) <= Fraction(
        1, 2 * 10**minor_units
    )


def test_a_cross_rate_keeps_both_legs_exact() -> None:
    pounds_a_dollar = cross_rate(pivot_to_base=Decimal("1.0845"), pivot_to_quote=Decimal("0.85135"))
    assert pounds_a_dollar == Fraction(8513500, 10845000)
    assert convert(Decimal("1084500.00"), pounds_a_dollar, Currency("GBP", 2)) == Decimal("851350.00")
