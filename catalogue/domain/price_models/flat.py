"""Flat: one fee, however much is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.money import check_amount
from catalogue.domain.price_models.steps import Step


@dataclass(frozen=True, slots=True)
class Flat:
    """The fee if anything is used, and nothing if not.

    fee: [money, 0 or more, up to 12 decimals]

    >>> [str(step.amount) for step in Flat(Decimal("19.00")).steps(Fraction(7), 0)]
    ['19']
    """

    fee: Decimal

    def __post_init__(self) -> None:
        check_amount("The fee", self.fee)

    def steps(self, quantity: Fraction, _records: int, /) -> Iterator[Step]:
        """Price a quantity [after included units, 0 or more, exact]."""
        if quantity > 0:
            yield Step("flat fee", Fraction(1), Fraction(self.fee))
