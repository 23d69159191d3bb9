"""Deferred revenue: what was billed in advance and is not served yet, by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.rounding import round_money


@dataclass(frozen=True, slots=True)
class BilledCycle:
    """One row is a cycle of an annual order: what documents bill of it, and the days that it serves.

    billed: [money, any sign, whole minor units]
    starts_on, ends_on: [local dates; the last one is the first day outside]
    """

    company: str
    account: str
    order_code: str
    sku: str
    currency: str
    minor_units: int
    billed: Decimal
    starts_on: date
    ends_on: date

    def deferred(self, on: date) -> Decimal:
        """Return what is not earned yet at the end of a day: the days that are left of all days.

        on: [local date]; the result is rounded half up to the currency

        >>> year = date(2026, 1, 1), date(2027, 1, 1)
        >>> cycle = BilledCycle("DE", "ACME", "o-1", "DOMAIN", "EUR", 2, Decimal("365.00"), *year)
        >>> [str(cycle.deferred(date(2026, 1, day))) for day in (1, 31)]
        ['364.00', '334.00']
        """
        days = (self.ends_on - self.starts_on).days
        left = (self.ends_on - max(on + timedelta(days=1), self.starts_on)).days
        if days <= 0 or left <= 0:
            return Decimal(0)
        return round_money(Fraction(self.billed) * left / days, self.minor_units)

    def earned(self, on: date) -> Decimal:
        """Return what is earned by the end of a day: both together are what was billed.

        >>> cycle = BilledCycle("", "", "", "", "EUR", 2, Decimal(10), date(2026, 1, 1), date(2026, 1, 4))
        >>> cycle.earned(date(2026, 1, 1))
        Decimal('3.33')
        """
        return self.billed - self.deferred(on)
