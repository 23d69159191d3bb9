"""Why a charge is what it is: from the exact quantity over the price's steps to the one rounding.

The amount is the sum of the steps, so the two cannot disagree. A correction is not priced: it is what should
have been less what was billed before (rule 8).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from catalogue.domain.periods import Period
from catalogue.domain.price import PricedAmount, price_quantity, true_up
from catalogue.domain.price_models import Step
from catalogue.domain.rounding import round_money
from catalogue.domain.terms import PriceTerms
from metering.domain.billable_time import TimeRounding, billable_hours


@dataclass(frozen=True, slots=True)
class Priced:
    """What a charge should be.

    quantity: [in the product's unit, total before included units, exact]
    steps: [their amounts add up to the amount]
    minor_units: [decimals of the currency]
    """

    quantity: Fraction
    steps: tuple[Step, ...]
    minor_units: int

    @property
    def amount(self) -> Fraction:
        """The sum of the steps [money, unrounded]."""
        return sum((step.amount for step in self.steps), Fraction(0))

    @property
    def net_amount(self) -> Decimal:
        """The amount, rounded once [money]."""
        return round_money(self.amount, self.minor_units)


@dataclass(frozen=True, slots=True)
class Billed:
    """A closed charge that a correction takes into account.

    charge_id, month: [which one, and the month in which it was billed]
    quantity, amount, net_amount: [as they stand there; below 0 for an earlier correction downwards]
    """

    charge_id: int
    month: date
    quantity: Decimal
    amount: Decimal
    net_amount: Decimal


def priced(terms: PriceTerms, quantity: Fraction, *, records: int, minor_units: int) -> Priced:
    """Price what was used; where nothing was used there is no charge, and so no step.

    terms: [of the price version]
    quantity: [of the whole charge, exact]
    records: [how many usage records it comes from; 0 for time]

    >>> from catalogue.domain.price_models import PerUnit
    >>> third = priced(PriceTerms(PerUnit(Decimal("0.10"))), Fraction(1, 3), records=0, minor_units=2)
    >>> third.amount, third.net_amount
    (Fraction(1, 30), Decimal('0.03'))
    """
    if not quantity:
        return Priced(Fraction(0), (), minor_units)
    return Priced(quantity, price_quantity(terms, quantity, records=records).steps, minor_units)


def made_up(terms: PriceTerms, charge: Priced) -> Priced:
    """Return the line that makes a charge up to its price's minimum: the minimum less the rounded amount.

    charge: [the whole charge of the period]

    >>> from catalogue.domain.price_models import PerUnit
    >>> terms = PriceTerms(PerUnit(Decimal("0.01")), minimum=Decimal("5"))
    >>> line = made_up(terms, priced(terms, Fraction(100), records=0, minor_units=2))
    >>> [(step.label, str(step.amount)) for step in line.steps], line.net_amount
    ([('minimum', '5'), ('less the charge, rounded', '-1')], Decimal('4.00'))
    """
    missing = true_up(terms, PricedAmount(charge.quantity, charge.steps), charge.minor_units)
    if not missing:
        return Priced(Fraction(0), (), charge.minor_units)
    steps = (
        Step("minimum", Fraction(1), Fraction(missing + charge.net_amount)),
        Step("less the charge, rounded", Fraction(1), -Fraction(charge.net_amount)),
    )
    return Priced(Fraction(0), steps, charge.minor_units)


def difference(should: Priced, billed: Iterable[Billed]) -> tuple[Fraction, Fraction, Decimal]:
    """Return quantity, amount and rounded amount of a correction: what should have been less what was billed.

    billed: [every closed charge of the same resource, product, item quantity and price version]

    >>> before = Billed(7, date(2026, 3, 1), Decimal(10), Decimal("1.004"), Decimal("1.00"))
    >>> after = Priced(Fraction(8), (Step("units", Fraction(8), Fraction("0.1")),), 2)
    >>> [str(number) for number in difference(after, [before])]
    ['-2', '-51/250', '-0.20']
    """
    before = list(billed)
    return (
        should.quantity - sum((Fraction(one.quantity) for one in before), Fraction(0)),
        should.amount - sum((Fraction(one.amount) for one in before), Fraction(0)),
        should.net_amount - sum((one.net_amount for one in before), Decimal(0)),
    )


def timed_quantity(
    stretches: Mapping[tuple[str, Decimal], Sequence[Period]], rounding: TimeRounding, zone: ZoneInfo
) -> Fraction:
    """Return item quantity x billable hours of one charge, over all resources that it pools.

    stretches: [by resource and item quantity, as cut by the period and the price version]

    >>> from datetime import UTC, datetime
    >>> hour = Period(datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC))
    >>> timed_quantity({("vm", Decimal(4)): [hour]}, "exact", ZoneInfo("UTC"))
    Fraction(4, 1)
    """
    return sum(
        (
            Fraction(quantity) * billable_hours(parts, rounding, zone)
            for (_, quantity), parts in stretches.items()
        ),
        Fraction(0),
    )


def ordered(terms: PriceTerms, parts: Sequence[tuple[Decimal, int, int]], minor_units: int) -> Priced:
    """Price a cycle of orders: the fee for their quantity, less what of its days is not due (rule 10).

    terms: [of the price, or per unit as agreed on the order]
    parts: [of each order that is pooled: quantity, days that are due, days of the whole cycle]

    >>> from catalogue.domain.price_models import PerUnit
    >>> support = ordered(PriceTerms(PerUnit(Decimal("30"))), [(Decimal(1), 17, 30)], 2)
    >>> [(step.label, str(step.amount)) for step in support.steps], support.net_amount
    ([('units', '30'), ('13 of 30 days not due', '-13')], Decimal('17.00'))
    """
    quantity = sum((Fraction(quantity) for quantity, _, _ in parts), Fraction(0))
    if not quantity:
        return Priced(Fraction(0), (), minor_units)
    fee = price_quantity(terms, quantity)
    due = (
        sum((Fraction(part) * days / cycle_days for part, days, cycle_days in parts), Fraction(0)) / quantity
    )
    if due == 1:
        return Priced(quantity, fee.steps, minor_units)
    days, cycle_days = parts[0][1:]
    label = f"{cycle_days - days} of {cycle_days} days not due" if len(parts) == 1 else "days not due"
    return Priced(quantity, (*fee.steps, Step(label, 1 - due, -fee.amount)), minor_units)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the records of one charge come to, by each way of putting them together.

    sum, highest, last: [the product's unit, exact]
    different: [how many different quantities as sent]
    records: [how many]
    """

    sum: Fraction
    highest: Fraction
    last: Fraction
    different: int
    records: int

    def quantity(self, aggregation: str) -> Fraction:
        """Return the quantity of the charge [in the product's unit] by the product's aggregation.

        >>> Totals(Fraction(9), Fraction(5), Fraction(4), 2, 2).quantity("max")
        Fraction(5, 1)
        """
        by_name = {
            "sum": self.sum,
            "max": self.highest,
            "last": self.last,
            "unique": Fraction(self.different),
        }
        return by_name[aggregation]
