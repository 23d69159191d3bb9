"""Every model with quantities at, below and above its borders; the steps are what a person would check."""

from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.domain.money import InvalidAmount
from catalogue.domain.price_models import (
    PRICE_MODELS,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    PriceModel,
    Stairstep,
    Tier,
    Volume,
)

THREE_TIERS = (
    Tier(Decimal(100), Decimal("0.10")),
    Tier(Decimal(500), Decimal("0.08")),
    Tier(None, Decimal("0.05")),
)
TIERS_WITH_FEES = (
    Tier(Decimal(5), Decimal(0), Decimal(100)),
    Tier(Decimal(10), Decimal(2), Decimal(50)),
    Tier(None, Decimal(1)),
)
SEATS = (
    Tier(Decimal(10), flat_fee=Decimal(50)),
    Tier(Decimal(25), flat_fee=Decimal(90)),
    Tier(None, flat_fee=Decimal(200)),
)


@pytest.mark.parametrize(
    ("model", "quantity", "amount"),
    [
        (PerUnit(Decimal("0.0000002")), "12345678", "2.4691356"),
        (PerUnit(Decimal("4.5")), "10000", "45000"),
        (PerUnit(Decimal("99999999999.99")), "1", "99999999999.99"),
        (PerUnit(Decimal("0")), "744", "0"),
        (PerUnit(Decimal("0.015")), "1/3", "0.005"),
        (Flat(Decimal("19.00")), "0.000001", "19"),
        (Flat(Decimal("19.00")), "7", "19"),
        (Flat(Decimal("19.00")), "0", "0"),
        (Graduated(THREE_TIERS), "0", "0"),
        (Graduated(THREE_TIERS), "100", "10"),
        (Graduated(THREE_TIERS), "500", "42"),
        (Graduated(THREE_TIERS), "500.5", "42.025"),
        (Graduated(THREE_TIERS), "600", "47"),
        (Graduated(TIERS_WITH_FEES), "0", "0"),
        (Graduated(TIERS_WITH_FEES), "5", "100"),
        (Graduated(TIERS_WITH_FEES), "5.001", "150.002"),
        (Graduated(TIERS_WITH_FEES), "12", "162"),
        (Volume(THREE_TIERS), "0", "0"),
        (Volume(THREE_TIERS), "500", "40"),
        (Volume(THREE_TIERS), "500.5", "25.025"),
        (Volume(TIERS_WITH_FEES), "5", "100"),
        (Volume(TIERS_WITH_FEES), "6", "62"),
        (Stairstep(SEATS), "0", "0"),
        (Stairstep(SEATS), "10", "50"),
        (Stairstep(SEATS), "25", "90"),
        (Stairstep(SEATS), "25.5", "200"),
        (Package(Decimal(1000), Decimal("5.00")), "0", "0"),
        (Package(Decimal(1000), Decimal("5.00")), "950", "5"),
        (Package(Decimal(1000), Decimal("5.00")), "1000", "5"),
        (Package(Decimal(1000), Decimal("5.00")), "1001", "10"),
        (Package(Decimal("0.5"), Decimal("5.00")), "1.25", "15"),
    ],
)
def test_amounts(model: PriceModel, quantity: str, amount: str) -> None:
    assert sum(step.amount for step in model.steps(Fraction(quantity), 0)) == Fraction(amount)


def test_a_graduated_price_explains_itself() -> None:
    steps = Graduated(TIERS_WITH_FEES).steps(Fraction(12), 0)
    assert [(step.label, str(step.quantity), str(step.unit_price)) for step in steps] == [
        ("tier 1: up to 5", "5", "0"),
        ("tier 1: up to 5, flat fee", "1", "100"),
        ("tier 2: above 5 up to 10", "5", "2"),
        ("tier 2: above 5 up to 10, flat fee", "1", "50"),
        ("tier 3: above 10", "2", "1"),
    ]


def test_a_percentage_has_a_fee_for_each_record() -> None:
    steps = list(Percentage(Decimal("2.5"), Decimal("0.30")).steps(Fraction("155.50"), 2))
    assert [(step.quantity, step.unit_price) for step in steps] == [
        (Fraction("155.50"), Fraction("0.025")),
        (2, Fraction("0.30")),
    ]
    assert sum(step.amount for step in steps) == Fraction("4.4875")


@pytest.mark.parametrize(
    ("model", "terms"),
    [
        ("per_unit", {"unit_price": "-1"}),
        ("flat", {"fee": "NaN"}),
        ("package", {"package_size": "0", "package_price": "1"}),
        ("package", {"package_size": "1", "package_price": "-1"}),
        ("percentage", {"percent": "-1"}),
        ("percentage", {"percent": "1", "fixed_fee": "-1"}),
        ("per_unit", {"unit_price": "1e18"}),
    ],
)
def test_terms_that_no_price_can_have(model: str, terms: dict[str, str]) -> None:
    numbers = {name: Decimal(text) for name, text in terms.items()}
    with pytest.raises(InvalidAmount):
        PRICE_MODELS[model](**numbers)  # type: ignore[arg-type]
