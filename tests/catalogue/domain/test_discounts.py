from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.discounts import DiscountableLine, InvalidPromotion, PromotionTerms, discount_lines
from catalogue.domain.money import InvalidAmount

RACK = DiscountableLine("RACK", "standard", Decimal("120.00"))
BOOK = DiscountableLine("BOOK", "reduced", Decimal("80.00"))


def percent(number: str, *skus: str) -> PromotionTerms:
    return PromotionTerms("P", percent=Decimal(number), skus=frozenset(skus))


def amount(number: str, *skus: str) -> PromotionTerms:
    return PromotionTerms("A", amount=Decimal(number), skus=frozenset(skus))


@pytest.mark.parametrize(
    ("promotions", "expected"),
    [
        ([], []),
        ([amount("50.00")], [("reduced", "-20.00"), ("standard", "-30.00")]),
        ([percent("10")], [("reduced", "-8.00"), ("standard", "-12.00")]),
        # at most the sum
        ([amount("500")], [("reduced", "-80.00"), ("standard", "-120.00")]),
        ([amount("500", "BOOK")], [("reduced", "-80.00")]),
        # nothing is left for the second, nor for a product that nobody bought
        ([percent("100"), amount("5.00")], [("reduced", "-80.00"), ("standard", "-120.00")]),
        ([percent("10", "CABLE"), amount("5.00", "CABLE")], []),
        # the second counts on what the first has left, in the order listed
        (
            [percent("50", "RACK"), amount("14.00")],
            [("standard", "-60.00"), ("reduced", "-8.00"), ("standard", "-6.00")],
        ),
        ([amount("20.00", "RACK"), percent("10", "RACK")], [("standard", "-20.00"), ("standard", "-10.00")]),
    ],
)
def test_promotions(promotions: list[PromotionTerms], expected: list[tuple[str, str]]) -> None:
    discounts = discount_lines([RACK, BOOK], promotions, 2)
    assert [(line.tax_category, str(line.amount)) for line in discounts] == expected


def test_a_percent_is_taken_of_the_sum_of_a_category() -> None:
    lines = [
        DiscountableLine("A", "standard", Decimal("0.05")),
        DiscountableLine("B", "standard", Decimal("0.05")),
    ]
    (discount,) = discount_lines(lines, [percent("10")], 2)
    assert discount.amount == Decimal("-0.01")


def test_a_hundred_percent_leaves_nothing() -> None:
    lines = [DiscountableLine("REQ", "standard", Decimal("144.50"))]
    (discount,) = discount_lines(lines, [percent("100")], 2)
    assert discount.amount == Decimal("-144.50")


def test_equal_remainders_go_by_the_name_of_the_category() -> None:
    lines = [DiscountableLine("A", category, Decimal("1.00")) for category in ("zero", "standard", "reduced")]
    discounts = discount_lines(lines, [amount("0.05")], 2)
    assert [(line.tax_category, str(line.amount)) for line in discounts] == [
        ("reduced", "-0.02"),
        ("standard", "-0.02"),
        ("zero", "-0.01"),
    ]


def test_a_discount_that_rounds_to_nothing_is_no_line() -> None:
    assert discount_lines([DiscountableLine("A", "standard", Decimal("0.04"))], [percent("10")], 2) == []


def test_lines_of_another_product_keep_what_they_have() -> None:
    lines = [
        DiscountableLine("A", "standard", Decimal("60.00")),
        DiscountableLine("B", "standard", Decimal("40.00")),
    ]
    discounts = discount_lines(lines, [percent("10"), percent("50", "A")], 2)
    assert [str(line.amount) for line in discounts] == ["-10.00", "-27.00"]


def test_a_product_is_covered_by_its_sku_or_by_its_family() -> None:
    lines = [
        DiscountableLine("VM", "standard", Decimal("60.00"), "Compute"),
        DiscountableLine("DISK", "standard", Decimal("30.00"), "Storage"),
        DiscountableLine("MAIL", "standard", Decimal("10.00")),
    ]
    both = PromotionTerms("P", Decimal(10), skus=frozenset(["DISK"]), families=frozenset(["Compute"]))
    of_a_family = PromotionTerms("F", Decimal(10), families=frozenset(["Storage"]))
    assert [str(line.amount) for line in discount_lines(lines, [both], 2)] == ["-9.00"]
    assert [str(line.amount) for line in discount_lines(lines, [of_a_family], 2)] == ["-3.00"]


@given(
    st.lists(
        st.builds(
            DiscountableLine,
            st.sampled_from("ABC"),
            st.sampled_from(["standard", "reduced"]),
            st.integers(0, 10**6).map(lambda cents: Decimal(cents).scaleb(-2)),
        ),
        max_size=6,
    ),
    st.lists(
        st.one_of(
            st.builds(percent, st.sampled_from(["0.5", "33", "100"]), st.sampled_from("ABC")),
            st.builds(percent, st.sampled_from(["0.5", "33", "100"])),
            st.builds(amount, st.sampled_from(["0.01", "7.77", "1000000"]), st.sampled_from("ABC")),
            st.builds(amount, st.sampled_from(["0.01", "7.77", "1000000"])),
        ),
        max_size=4,
    ),
)
def test_no_category_falls_below_zero(
    lines: list[DiscountableLine], promotions: list[PromotionTerms]
) -> None:
    discounts = discount_lines(lines, promotions, 2)
    assert all(discount.amount < 0 for discount in discounts)
    for category in ("standard", "reduced"):
        left = sum(line.amount for line in lines if line.tax_category == category) + sum(
            discount.amount for discount in discounts if discount.tax_category == category
        )
        assert left >= 0


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({}, InvalidPromotion),
        ({"percent": Decimal(10), "amount": Decimal(5)}, InvalidPromotion),
        ({"percent": Decimal("100.01")}, InvalidPromotion),
        ({"percent": Decimal(0)}, InvalidAmount),
        ({"amount": Decimal(-5)}, InvalidAmount),
    ],
)
def test_what_is_no_promotion(terms: dict[str, Decimal], error: type[Exception]) -> None:
    with pytest.raises(error):
        PromotionTerms("P", **terms)  # type: ignore[arg-type]
