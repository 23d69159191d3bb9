"""Margin: what is left of revenue after cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.rounding import round_to


@dataclass(frozen=True, slots=True)
class Margin:
    """Revenue and cost in one currency [rounded to its minor unit], and what follows from them.

    >>> Margin("USD", Decimal("66.96"), Decimal("38.69")).margin
    Decimal('28.27')
    """

    currency: str
    revenue: Decimal
    cost: Decimal

    @classmethod
    def nothing(cls, currency: str) -> Margin:
        """Neither revenue nor cost.

        >>> Margin.nothing("USD").percent is None
        True
        """
        return cls(currency, Decimal(0), Decimal(0))

    @property
    def margin(self) -> Decimal:
        """Revenue less cost; below 0 where the cost is higher."""
        return self.revenue - self.cost

    @property
    def percent(self) -> Decimal | None:
        """The margin in percent of the revenue [2 decimals, half up]; None without revenue.

        >>> Margin("USD", Decimal("66.96"), Decimal("38.69")).percent
        Decimal('42.22')
        """
        if not self.revenue:
            return None
        return round_to(Fraction(self.margin) * 100 / Fraction(self.revenue), 2)
