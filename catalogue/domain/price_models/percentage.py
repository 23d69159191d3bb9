"""Percentage: the quantity is money, and a percent of it is the price."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.money import check_amount
from catalogue.domain.price_models.steps import Step


@dataclass(frozen=True, slots=True)
class Percentage:
    """Quantity x percent / 100, and a fixed fee for each record.

    percent: [2.5 is 2.5 %, 0 or more, up to 12 decimals]
    fixed_fee: [money a record, 0 or more, up to 12 decimals]

    >>> market = Percentage(Decimal("2.5"), Decimal("0.30"))
    >>> [str(step.amount) for step in market.steps(Fraction(100), 2)]
    ['5/2', '3/5']
    """

    percent: Decimal
    fixed_fee: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        check_amount("The percent", self.percent)
        check_amount("The fixed fee", self.fixed_fee)

    def steps(self, quantity: Fraction, records: int, /) -> Iterator[Step]:
        """Price a quantity [money after included, 0 or more, exact] of so many records [0 or more]."""
        yield Step("percentage", quantity, Fraction(self.percent) / 100)
        if self.fixed_fee:
            yield Step("fixed fee a record", Fraction(records), Fraction(self.fixed_fee))
