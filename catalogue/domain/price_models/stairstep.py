"""Stairstep: the fee of the tier that the total falls in, and no price a unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from catalogue.domain.price_models.steps import Step
from catalogue.domain.price_models.tiers import InvalidTiers, Tier, band_of, check_tiers


@dataclass(frozen=True, slots=True)
class Stairstep:
    """One tier's fee for the whole quantity.

    tiers: [in rising order, the last one open, each with a flat fee and without a unit price]

    >>> from decimal import Decimal
    >>> seats = Stairstep((Tier(Decimal(10), flat_fee=Decimal(50)), Tier(None, flat_fee=Decimal(90))))
    >>> [str(step.amount) for step in seats.steps(Fraction(11), 0)]
    ['90']
    """

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        check_tiers(self.tiers)
        for number, tier in enumerate(self.tiers, start=1):
            if tier.unit_price:
                raise InvalidTiers(f"Tier {number} of a stairstep price has only a flat fee, no unit price.")
            if tier.flat_fee is None:
                raise InvalidTiers(f"Tier {number} of a stairstep price needs a flat fee; 0 is one.")

    def steps(self, quantity: Fraction, _records: int, /) -> Iterator[Step]:
        """Price a quantity [after included units, 0 or more, exact]; 0 falls in no tier and costs nothing."""
        if band := band_of(self.tiers, quantity):
            yield band.fee_step()
