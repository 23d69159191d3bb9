from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.domain.units import InvalidUnitFactor, ProductUnit, UnknownUnit

HOUR = ProductUnit("hour", {"second": Fraction(1, 3600), "day": Fraction(24)})


@pytest.mark.parametrize(
    ("quantity", "unit", "hours"), [("1200", "second", "1/3"), ("1.5", "day", "36"), ("0.25", "hour", "1/4")]
)
def test_factors_are_exact(quantity: str, unit: str, hours: str) -> None:
    assert HOUR.from_unit(Decimal(quantity), unit) == Fraction(hours)


def test_seconds_add_up_to_the_hour() -> None:
    assert sum(HOUR.from_unit(Decimal(1), "second") for _ in range(3600)) == 1


def test_an_unknown_unit_names_the_known_ones() -> None:
    with pytest.raises(UnknownUnit, match="send hour, day, second"):
        HOUR.from_unit(Decimal(1), "Second")


@pytest.mark.parametrize("factor", ["0", "-1/60"])
def test_a_factor_is_above_zero(factor: str) -> None:
    with pytest.raises(InvalidUnitFactor):
        ProductUnit("hour", {"minute": Fraction(factor)})
