"""Discounts: what promotions take off the lines of one invoice (rule 13).

Who may use a promotion, and whether it still has redemptions, is decided before; here is only arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing_site.common.errors import BillingError
from catalogue.domain.money import check_amount, percent_of
from catalogue.domain.rounding import allocate, round_money


class InvalidPromotion(BillingError):
    """A promotion that takes off nothing, too much, or both a percent and an amount."""

    code = "invalid_promotion"


@dataclass(frozen=True, slots=True)
class PromotionTerms:
    """What one promotion takes off: a percent or an amount, of some products or of all.

    code: [names the promotion]
    percent: [above 0 to 100, exact; or None]
    amount: [money of the invoice's currency, above 0; or None]
    skus, families: [the products it takes off, by SKU or by family; both empty is all]
    """

    code: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    skus: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise InvalidPromotion(f"The promotion {self.code} needs either a percent or an amount.")
        if self.percent is not None:
            check_amount(f"The percent of the promotion {self.code}", self.percent, above_zero=True)
            if self.percent > 100:
                raise InvalidPromotion(f"The promotion {self.code} cannot take off more than 100 percent.")
        if self.amount is not None:
            check_amount(f"The amount of the promotion {self.code}", self.amount, above_zero=True)

    def covers(self, line: "DiscountableLine") -> bool:
        """Tell whether it takes off that line."""
        if not self.skus and not self.families:
            return True
        return line.sku in self.skus or line.family in self.families


@dataclass(frozen=True, slots=True)
class DiscountableLine:
    """One line of kind `charge` or `true_up`.

    sku: [of its product]
    tax_category: [of its product]
    amount: [money, rounded, 0 or more]
    family: [of its product; may be empty]
    """

    sku: str
    tax_category: str
    amount: Decimal
    family: str = ""


@dataclass(frozen=True, slots=True)
class Discount:
    """One discount line: what a promotion takes off one tax category.

    code: [of the promotion]
    tax_category: [of the lines it was taken off]
    amount: [money, rounded, below 0]
    """

    code: str
    tax_category: str
    amount: Decimal


def discount_lines(
    lines: Sequence[DiscountableLine], promotions: Sequence[PromotionTerms], minor_units: int
) -> list[Discount]:
    """Apply promotions one after the other, each on what the ones before have left.

    A percent is taken of each tax category's sum; an amount, at most the sum of all, is split over the
    categories in proportion. What a promotion takes off a category is booked on its lines in proportion,
    in whole minor units, because the next promotion may cover only some of them.

    lines: [all lines of one invoice that can be discounted]
    promotions: [in the order in which they count]
    minor_units: [decimals of the currency]

    >>> lines = [
    ...     DiscountableLine("RACK", "standard", Decimal("120.00")),
    ...     DiscountableLine("BOOK", "reduced", Decimal("80.00")),
    ... ]
    >>> fifty = PromotionTerms("FIFTY", amount=Decimal("50.00"))
    >>> [(line.tax_category, str(line.amount)) for line in discount_lines(lines, [fifty], 2)]
    [('reduced', '-20.00'), ('standard', '-30.00')]
    """
    left = [line.amount for line in lines]
    discounts = []
    for promotion in promotions:
        covered: dict[str, list[int]] = {}
        for position, line in enumerate(lines):
            if promotion.covers(line) and left[position]:
                covered.setdefault(line.tax_category, []).append(position)
        sums = {category: _sum(left, covered[category]) for category in sorted(covered)}
        for category, taken in _taken_off(promotion, sums, minor_units).items():
            if not taken:
                continue
            discounts.append(Discount(promotion.code, category, -taken))
            positions = covered[category]
            shares = allocate(taken, [left[position] for position in positions], minor_units)
            for position, share in zip(positions, shares, strict=True):
                left[position] -= share
    return discounts


def _taken_off(promotion: PromotionTerms, sums: dict[str, Decimal], minor_units: int) -> dict[str, Decimal]:
    """Return what a promotion takes off each category; sums: [category -> money left, above 0, by name]."""
    if promotion.percent is not None:
        return {
            category: round_money(percent_of(amount, promotion.percent), minor_units)
            for category, amount in sums.items()
        }
    if promotion.amount is None or not sums:
        return {}
    amount = round_money(min(promotion.amount, sum(sums.values(), Decimal(0))), minor_units)
    return dict(zip(sums, allocate(amount, list(sums.values()), minor_units), strict=True))


def _sum(amounts: Sequence[Decimal], positions: Sequence[int]) -> Decimal:
    return sum((amounts[position] for position in positions), Decimal(0))
