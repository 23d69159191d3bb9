"""Steps: how a price explains itself. The amount is the sum of the steps, so the two cannot disagree."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Step:
    """One multiplication on the way to an amount.

    label: [what is counted, for people: "included", "tier 2: above 100 up to 500", "cap"]
    quantity: [units at this price, or 1 for a fee; exact]
    unit_price: [money a unit, exact; below 0 only for what a cap cuts off]

    >>> Step("tier 1: up to 100", Fraction(100), Fraction("0.10")).amount
    Fraction(10, 1)
    """

    label: str
    quantity: Fraction
    unit_price: Fraction

    @property
    def amount(self) -> Fraction:
        """Quantity x unit price [money, unrounded]."""
        return self.quantity * self.unit_price
