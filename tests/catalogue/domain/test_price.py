"""Included, model, cap and minimum, in this order; and what holds for every price there can be."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.price import NegativeQuantity, price_quantity, true_up
from catalogue.domain.price_models import (
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
from catalogue.domain.rounding import round_money
from catalogue.domain.terms import PriceTerms


@pytest.mark.parametrize(
    ("terms", "quantity", "amount"),
    [
        (PriceTerms(PerUnit(Decimal("0.10")), included=Decimal(100)), "250", "15"),
        (PriceTerms(PerUnit(Decimal("0.10")), included=Decimal(300)), "280", "0"),
        (PriceTerms(Package(Decimal(1000), Decimal(5)), included=Decimal(100)), "1100", "5"),
        (PriceTerms(Package(Decimal(1000), Decimal(5)), included=Decimal(100)), "1101", "10"),
        (PriceTerms(Package(Decimal(1000), Decimal(5)), included=Decimal(100)), "99", "0"),
        (PriceTerms(Flat(Decimal(19)), included=Decimal(10)), "10", "0"),
        (PriceTerms(Flat(Decimal(19)), included=Decimal(10)), "10.5", "19"),
        (PriceTerms(PerUnit(Decimal("0.05")), cap=Decimal("33.60")), "744", "33.60"),
        (PriceTerms(PerUnit(Decimal("0.05")), cap=Decimal("33.60")), "672", "33.60"),
        (PriceTerms(PerUnit(Decimal("0.05")), cap=Decimal("33.60")), "671", "33.55"),
        (PriceTerms(PerUnit(Decimal("0.05")), included=Decimal(144), cap=Decimal("20")), "744", "20"),
        (PriceTerms(PerUnit(Decimal("0.05")), cap=Decimal("0")), "744", "0"),
    ],
)
def test_included_and_cap(terms: PriceTerms, quantity: str, amount: str) -> None:
    assert price_quantity(terms, Fraction(quantity)).amount == Fraction(amount)


def test_tiers_begin_after_the_included_units() -> None:
    tiers = (Tier(Decimal(100), Decimal("0.10")), Tier(None, Decimal("0.08")))
    priced = price_quantity(
        PriceTerms(Graduated(tiers), included=Decimal(50), cap=Decimal(11)), Fraction(200)
    )
    assert [(step.label, str(step.quantity), str(step.amount)) for step in priced.steps] == [
        ("included", "50", "0"),
        ("tier 1: up to 100", "100", "10"),
        ("tier 2: above 100", "50", "4"),
        ("cap", "1", "-3"),
    ]
    assert priced.quantity == 200


@pytest.mark.parametrize(("usage", "due"), [("1250", "1375"), ("1000", "1000"), ("1", "1000"), ("0", "0")])
def test_a_commitment_with_a_factor_on_what_goes_beyond_it(usage: str, due: str) -> None:
    """EC52: 1,000 are committed, what goes beyond costs 1.5 times as much: 1,000 + 250 * 1.5 = 1,375."""
    committed = (Tier(Decimal(1000), Decimal(0), Decimal(1000)), Tier(None, Decimal("1.5")))
    assert price_quantity(PriceTerms(Graduated(committed)), Fraction(usage)).amount == Fraction(due)


def test_fixed_fees_are_due_for_every_record() -> None:
    terms = PriceTerms(Percentage(Decimal("2.5"), Decimal("0.30")), included=Decimal(500))
    assert price_quantity(terms, Fraction("155.50"), records=2).amount == Fraction("0.60")


@pytest.mark.parametrize(
    ("quantity", "minimum", "expected"),
    [
        ("42037", "500.00", "79.63"),
        ("50000", "500.00", "0.00"),
        ("60000", "500.00", "0.00"),
        # 420.375 is billed as 420.38
        ("42037.5", "500.00", "79.62"),
        ("0", "500.00", "0"),
        ("1", None, "0"),
    ],
)
def test_true_up(quantity: str, minimum: str | None, expected: str) -> None:
    terms = PriceTerms(PerUnit(Decimal("0.01")), minimum=Decimal(minimum) if minimum else None)
    assert str(true_up(terms, price_quantity(terms, Fraction(quantity)), 2)) == expected


def test_a_minimum_counts_after_the_cap() -> None:
    terms = PriceTerms(PerUnit(Decimal(1)), cap=Decimal(10), minimum=Decimal(15))
    assert true_up(terms, price_quantity(terms, Fraction(100)), 2) == Decimal("5.00")


def test_a_correction_is_not_priced() -> None:
    with pytest.raises(NegativeQuantity, match="-40 has no price"):
        price_quantity(PriceTerms(Flat(Decimal(1))), Fraction(-40))


MONEY = st.decimals(0, 10**6, places=12)


@st.composite
def tiers(draw: st.DrawFn, *, falling: bool = False) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.decimals("0.001", 10**6, places=3), max_size=4)))
    prices = draw(st.lists(MONEY, min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    fees = draw(st.lists(st.none() | MONEY, min_size=len(prices), max_size=len(prices)))
    if falling:
        prices.sort(reverse=True)
    return tuple(map(Tier, [*bounds, None], prices, fees))


@st.composite
def stairs(draw: st.DrawFn) -> tuple[Tier, ...]:
    return tuple(Tier(tier.up_to, None, tier.flat_fee or Decimal(0)) for tier in draw(tiers()))


MODELS: st.SearchStrategy[PriceModel] = st.one_of(
    st.builds(PerUnit, MONEY),
    st.builds(Flat, MONEY),
    st.builds(Graduated, tiers()),
    st.builds(Volume, tiers()),
    st.builds(Stairstep, stairs()),
    st.builds(Package, st.decimals("0.001", 10**4, places=3), MONEY),
    st.builds(Percentage, MONEY, MONEY),
)
TERMS = st.builds(
    PriceTerms,
    MODELS,
    included=st.decimals(0, 1000, places=3),
    cap=st.none() | MONEY,
    minimum=st.none() | MONEY,
)
QUANTITIES = st.fractions(0, 10**7)


@given(TERMS, QUANTITIES, st.integers(0, 100), st.integers(0, 4))
def test_every_price(terms: PriceTerms, quantity: Fraction, records: int, minor_units: int) -> None:
    priced = price_quantity(terms, quantity, records=records)
    assert priced.amount == sum(step.quantity * step.unit_price for step in priced.steps)
    assert priced.amount >= 0
    if terms.cap is not None:
        assert priced.amount <= Fraction(terms.cap)
    missing = true_up(terms, priced, minor_units)
    assert missing >= 0
    if terms.minimum is not None and quantity:
        billed = Fraction(round_money(priced.amount, minor_units)) + Fraction(missing)
        assert billed >= Fraction(round_money(terms.minimum, minor_units))


@given(tiers(), QUANTITIES)
def test_tiers_hold_every_unit_once(some_tiers: tuple[Tier, ...], quantity: Fraction) -> None:
    for model in (Graduated(some_tiers), Volume(some_tiers)):
        steps = model.steps(quantity, 0)
        assert sum(step.quantity for step in steps if not step.label.endswith("flat fee")) == quantity


@given(tiers(), QUANTITIES, QUANTITIES)
def test_graduated_never_falls_with_the_quantity(
    some_tiers: tuple[Tier, ...], one: Fraction, other: Fraction
) -> None:
    terms = PriceTerms(Graduated(some_tiers))
    less, more = sorted([one, other])
    assert price_quantity(terms, less).amount <= price_quantity(terms, more).amount


@given(tiers(falling=True), QUANTITIES)
def test_with_falling_prices_and_no_fees_volume_is_never_dearer(
    some_tiers: tuple[Tier, ...], quantity: Fraction
) -> None:
    free_of_fees = tuple(Tier(tier.up_to, tier.unit_price) for tier in some_tiers)
    volume = price_quantity(PriceTerms(Volume(free_of_fees)), quantity)
    assert volume.amount <= price_quantity(PriceTerms(Graduated(free_of_fees)), quantity).amount
