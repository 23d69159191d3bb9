from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.domain.money import InvalidAmount
from catalogue.domain.price_models import InvalidTiers, Stairstep, Tier
from catalogue.domain.price_models.tiers import band_of, bands, check_tiers, check_unit_prices

TIERS = (Tier(Decimal(100)), Tier(Decimal("500.5")), Tier(None))


def up_to(*bounds: str | None) -> list[Tier]:
    return [Tier(None if bound is None else Decimal(bound)) for bound in bounds]


@pytest.mark.parametrize(
    ("quantity", "number"),
    [("0.000001", 1), ("100", 1), ("100.000001", 2), ("500.5", 2), ("500.500000000001", 3), ("1e12", 3)],
)
def test_a_tier_holds_its_upper_bound_and_not_its_lower(quantity: str, number: int) -> None:
    band = band_of(TIERS, Fraction(quantity))
    assert band is not None
    assert band.number == number


def test_zero_lies_in_no_tier() -> None:
    assert band_of(TIERS, Fraction(0)) is None


def test_labels_for_people() -> None:
    assert [band.label for band in bands(TIERS)] == [
        "tier 1: up to 100",
        "tier 2: above 100 up to 500.5",
        "tier 3: above 500.5",
    ]
    assert [band.label for band in bands([Tier(None)])] == ["tier 1: all units"]


@pytest.mark.parametrize(
    ("tiers", "sentence"),
    [
        ([], "at least one tier"),
        (up_to("100"), "Tier 1 is the last one"),
        (up_to("100", "500"), "Tier 2 is the last one"),
        (up_to(None, None), "Tier 1 is not the last of 2"),
        (up_to("100", "100", None), "Tier 2 must end above 100, where it begins, and ends at 100"),
        (up_to("100", "50", None), "Tier 2 must end above 100"),
        (up_to("0", None), "Tier 1 must end above 0"),
    ],
)
def test_tiers_that_overlap_or_do_not_end(tiers: list[Tier], sentence: str) -> None:
    with pytest.raises(InvalidTiers, match=sentence):
        check_tiers(tiers)


@pytest.mark.parametrize(
    "tier",
    [
        Tier(None, unit_price=Decimal("-0.01")),
        Tier(None, flat_fee=Decimal("-1")),
        Tier(None, unit_price=Decimal("NaN")),
        Tier(None, unit_price=Decimal("0.0000000000001")),
    ],
)
def test_a_tier_without_a_possible_price(tier: Tier) -> None:
    with pytest.raises(InvalidAmount, match="tier 1"):
        check_tiers([tier])


def test_a_missing_unit_price_is_not_zero() -> None:
    with pytest.raises(InvalidTiers, match="Tier 2 needs a unit price"):
        check_unit_prices([Tier(Decimal(1), Decimal(0)), Tier(None)])


@pytest.mark.parametrize(
    ("tier", "sentence"),
    [(Tier(None, Decimal(1), Decimal(1)), "only a flat fee"), (Tier(None), "needs a flat fee")],
)
def test_a_stairstep_has_fees_only(tier: Tier, sentence: str) -> None:
    with pytest.raises(InvalidTiers, match=sentence):
        Stairstep((tier,))
