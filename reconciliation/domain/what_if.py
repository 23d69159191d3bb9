"""What other prices would have earned: the rules that change prices, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError
from reconciliation.domain.margin import Margin


class InvalidRule(BillingError):
    """A rule that no price can follow."""

    code = "invalid_rule"


@dataclass(frozen=True, slots=True)
class PriceRule:
    """How the prices of a company's book are changed.

    kind: ["percent": by this much; "target": what earns less is raised to this margin]
    percent: [above -100 for a change, below 100 for a target]
    product, family: [a SKU, a family; empty is all]
    decimals: [to which new prices are rounded, 0 to 12]
    """

    kind: str
    percent: Decimal
    product: str = ""
    family: str = ""
    decimals: int = 6

    def __post_init__(self) -> None:
        if self.kind == "percent" and self.percent <= -100:
            raise InvalidRule("A price cannot fall by 100 percent or more: withdraw it with a price file.")
        if self.kind == "target" and self.percent >= 100:
            raise InvalidRule("A margin is a part of the revenue: name a target below 100 percent.")

    def factor(self, earned: Margin) -> Fraction | None:
        """Return what the prices of a product are multiplied by; None: they stay.

        earned: [money, what the product brought in and cost]

        >>> PriceRule("percent", Decimal(5)).factor(Margin.nothing("USD"))
        Fraction(21, 20)
        >>> PriceRule("target", Decimal(20)).factor(Margin("USD", Decimal(100), Decimal(90)))
        Fraction(9, 8)
        """
        if self.kind == "percent":
            return 1 + Fraction(self.percent) / 100
        kept = 1 - Fraction(self.percent) / 100
        if earned.revenue <= 0 or Fraction(earned.margin) >= Fraction(earned.revenue) * (1 - kept):
            return None
        return Fraction(earned.cost) / (Fraction(earned.revenue) * kept)


@dataclass(frozen=True, slots=True)
class Change:
    """One row is a product or an account: what it earns with the prices that count, and with the others."""

    key: str
    detail: str
    before: Margin
    after: Margin

    @property
    def revenue(self) -> Decimal:
        """How much more the customers would have paid [money, any sign].

        >>> Change("VM", "", Margin.nothing("USD"), Margin("USD", Decimal(3), Decimal(1))).revenue
        Decimal('3')
        """
        return self.after.revenue - self.before.revenue

    @property
    def margin(self) -> Decimal:
        """How much more would have been left [money, any sign]."""
        return self.after.margin - self.before.margin


def rounding(whole: Change, changes: Iterable[Change]) -> Change | None:
    """Return what makes changes up to the whole, each of which was converted and rounded by itself.

    whole, changes: [money, of one currency]; None: they add up

    >>> nothing, cent = Margin.nothing("USD"), Margin("USD", Decimal("0.01"), Decimal(0))
    >>> rounding(Change("all", "", nothing, cent), [Change("VM", "", nothing, nothing)]).revenue
    Decimal('0.01')
    """
    left = [whole.before.revenue, whole.before.cost, whole.after.revenue, whole.after.cost]
    for change in changes:
        parts = change.before.revenue, change.before.cost, change.after.revenue, change.after.cost
        left = [amount - part for amount, part in zip(left, parts, strict=True)]
    if not any(left):
        return None
    currency = whole.before.currency
    return Change("rounding", "", Margin(currency, left[0], left[1]), Margin(currency, left[2], left[3]))
