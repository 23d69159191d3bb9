"""Per unit: every unit at the same price."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.money import check_amount
from catalogue.domain.price_models.steps import Step


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Quantity x unit price.

    unit_price: [money a unit, 0 or more, up to 12 decimals]

    >>> [str(step.amount) for step in PerUnit(Decimal("0.05")).steps(Fraction(40), 0)]
    ['2']
    """

    unit_price: Decimal

    def __post_init__(self) -> None:
        check_amount("The unit price", self.unit_price)

    def steps(self, quantity: Fraction, _records: int, /) -> Iterator[Step]:
        """Price a quantity [after included units, 0 or more, exact]."""
        yield Step("units", quantity, Fraction(self.unit_price))
