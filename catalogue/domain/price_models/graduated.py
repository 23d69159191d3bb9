"""Graduated: each unit at the price of the tier it falls in."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from catalogue.domain.price_models.steps import Step
from catalogue.domain.price_models.tiers import Tier, bands, check_tiers, check_unit_prices


@dataclass(frozen=True, slots=True)
class Graduated:
    """The units of every tier that is entered at its price, and its flat fee once.

    tiers: [in rising order, the last one open, each with a unit price]

    >>> from decimal import Decimal
    >>> tiers = (Tier(Decimal(100), Decimal("0.10")), Tier(None, Decimal("0.08"), Decimal(2)))
    >>> [str(step.amount) for step in Graduated(tiers).steps(Fraction(150), 0)]
    ['10', '4', '2']
    """

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        check_tiers(self.tiers)
        check_unit_prices(self.tiers)

    def steps(self, quantity: Fraction, _records: int, /) -> Iterator[Step]:
        """Price a quantity [after included units, 0 or more, exact]; at 0 no tier is entered."""
        for band in bands(self.tiers):
            if units := band.units_of(quantity):
                yield from band.steps(units)
