"""Tiers: contiguous ranges of quantity `(lower, upper]`, the last one open.

A tier begins where the one before ends, so tiers cannot leave a hole; a bound that does not rise would
overlap and is refused. Quantity 0 lies in no tier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError
from catalogue.domain.money import DECIMALS, check_amount
from catalogue.domain.price_models.steps import Step
from catalogue.domain.rounding import show


class InvalidTiers(BillingError):
    """Tiers that overlap, do not end, or lack a price."""

    code = "invalid_tiers"


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of a price.

    up_to: [quantity, the last one inside; None in the last tier, which is open]
    unit_price: [money a unit, 0 or more; None only for stairstep]
    flat_fee: [money, 0 or more, due once the tier is entered; None is none]
    """

    up_to: Decimal | None
    unit_price: Decimal | None = None
    flat_fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A tier with its place among the others.

    number: [1 is the first]
    lower: [quantity, the first one that is not inside any more]
    tier: [the tier]
    """

    number: int
    lower: Fraction
    tier: Tier

    def covers(self, quantity: Fraction) -> bool:
        """Tell whether a total [above 0, exact] falls in this tier."""
        return self.lower < quantity and (self.tier.up_to is None or quantity <= Fraction(self.tier.up_to))

    def units_of(self, quantity: Fraction) -> Fraction:
        """Return how many units of a total [0 or more, exact] lie in this tier."""
        upper = quantity if self.tier.up_to is None else min(quantity, Fraction(self.tier.up_to))
        return max(upper - self.lower, Fraction(0))

    def steps(self, units: Fraction) -> Iterator[Step]:
        """Price units [above 0, exact] with the unit price and the flat fee of this tier."""
        if self.tier.unit_price is not None:
            yield Step(self.label, units, Fraction(self.tier.unit_price))
        if self.tier.flat_fee:
            yield self.fee_step()

    def fee_step(self) -> Step:
        """Return the step of the flat fee alone."""
        return Step(f"{self.label}, flat fee", Fraction(1), Fraction(self.tier.flat_fee or 0))

    @property
    def label(self) -> str:
        """Its range, for people."""
        above = f"above {show(self.lower, DECIMALS)}" if self.lower else ""
        up_to = "" if self.tier.up_to is None else f"up to {show(self.tier.up_to, DECIMALS)}"
        return f"tier {self.number}: {f'{above} {up_to}'.strip() or 'all units'}"


def bands(tiers: Sequence[Tier]) -> Iterator[Band]:
    """Yield tiers with their lower bounds.

    tiers: [as checked by `check_tiers`]

    >>> [band.label for band in bands([Tier(Decimal(100)), Tier(Decimal(500)), Tier(None)])]
    ['tier 1: up to 100', 'tier 2: above 100 up to 500', 'tier 3: above 500']
    """
    lower = Fraction(0)
    for number, tier in enumerate(tiers, start=1):
        yield Band(number, lower, tier)
        if tier.up_to is not None:
            lower = Fraction(tier.up_to)


def band_of(tiers: Sequence[Tier], quantity: Fraction) -> Band | None:
    """Return the tier that a total falls in, or None for 0.

    tiers: [as checked by `check_tiers`]
    quantity: [0 or more, exact]

    >>> tiers = [Tier(Decimal(500)), Tier(None)]
    >>> [band.number for total in ("500", "500.5") if (band := band_of(tiers, Fraction(total)))]
    [1, 2]
    """
    return next((band for band in bands(tiers) if band.covers(quantity)), None)


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Refuse tiers that overlap, do not rise, or do not end with an open one.

    tiers: [in rising order]

    >>> check_tiers([Tier(Decimal(100)), Tier(None)])
    """
    if not tiers:
        raise InvalidTiers("A tiered price needs at least one tier.")
    lower = Decimal(0)
    for number, tier in enumerate(tiers, start=1):
        if tier.unit_price is not None:
            check_amount(f"The unit price of tier {number}", tier.unit_price)
        if tier.flat_fee is not None:
            check_amount(f"The flat fee of tier {number}", tier.flat_fee)
        if tier.up_to is None:
            if number < len(tiers):
                raise InvalidTiers(f"Tier {number} is not the last of {len(tiers)} and needs an upper bound.")
        elif number == len(tiers):
            raise InvalidTiers(f"Tier {number} is the last one: leave its upper bound empty.")
        else:
            check_amount(f"The upper bound of tier {number}", tier.up_to)
            if tier.up_to <= lower:
                raise InvalidTiers(
                    f"Tier {number} must end above {show(lower, DECIMALS)}, where it begins, "
                    f"and ends at {show(tier.up_to, DECIMALS)}."
                )
            lower = tier.up_to


def check_unit_prices(tiers: Sequence[Tier]) -> None:
    """Refuse a tier without a unit price, as graduated and volume prices do (0 is a price).

    tiers: [in rising order]

    >>> check_unit_prices([Tier(None, unit_price=Decimal(0))])
    """
    for number, tier in enumerate(tiers, start=1):
        if tier.unit_price is None:
            raise InvalidTiers(f"Tier {number} needs a unit price; write 0 if its units cost nothing.")
