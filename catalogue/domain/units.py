"""Units: exact factors from the unit of a usage record to the unit of its product.

A record keeps the quantity as it was sent; the factor is a ratio of two whole numbers, so that 1,200 seconds
are exactly a third of an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError


class UnknownUnit(BillingError):
    """A usage record in a unit that its product does not list."""

    code = "unknown_unit"


class InvalidUnitFactor(BillingError):
    """A unit factor that is no ratio above 0."""

    code = "invalid_unit_factor"


@dataclass(frozen=True, slots=True)
class ProductUnit:
    """The unit in which a product is priced, and the units in which its records may come.

    unit: [label: hour, GB, request]
    factors: [unit of a record -> how many of the product's unit one of it is; above 0, exact]

    >>> ProductUnit("hour", {"second": Fraction(1, 3600)}).from_unit(Decimal("1200"), "second")
    Fraction(1, 3)
    """

    unit: str
    factors: Mapping[str, Fraction]

    def __post_init__(self) -> None:
        for unit, factor in self.factors.items():
            if factor <= 0:
                raise InvalidUnitFactor(f"1 {unit} must be more than 0 {self.unit}, and is {factor}.")

    def from_unit(self, quantity: Fraction | Decimal, unit: str) -> Fraction:
        """Express a record's quantity in the product's unit, unrounded.

        quantity: [in that unit, any sign, exact]
        unit: [the product's own, or one that it lists]
        """
        if unit == self.unit:
            return Fraction(quantity)
        if unit not in self.factors:
            known = ", ".join([self.unit, *sorted(self.factors)])
            raise UnknownUnit(f"The product has no factor for the unit {unit!r}: send {known}, or list it.")
        return Fraction(quantity) * self.factors[unit]
