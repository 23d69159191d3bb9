"""Volume: all units at the price of the tier that the total falls in."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from catalogue.domain.price_models.steps import Step
from catalogue.domain.price_models.tiers import Tier, band_of, check_tiers, check_unit_prices


@dataclass(frozen=True, slots=True)
class Volume:
    """The whole quantity at one tier's price, and that tier's flat fee.

    tiers: [in rising order, the last one open, each with a unit price]

    >>> from decimal import Decimal
    >>> volume = Volume((Tier(Decimal(500), Decimal("0.08")), Tier(None, Decimal("0.05"))))
    >>> [str(step.amount) for step in volume.steps(Fraction("500.5"), 0)]
    ['1001/40']
    """

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        check_tiers(self.tiers)
        check_unit_prices(self.tiers)

    def steps(self, quantity: Fraction, _records: int, /) -> Iterator[Step]:
        """Price a quantity [after included units, 0 or more, exact]; 0 falls in no tier and costs nothing."""
        if band := band_of(self.tiers, quantity):
            yield from band.steps(quantity)
