"""Package: units are sold in packages, and a package that is begun is paid in full."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.money import check_amount
from catalogue.domain.price_models.steps import Step
from catalogue.domain.rounding import started_units


@dataclass(frozen=True, slots=True)
class Package:
    """Started packages x package price.

    package_size: [units, above 0, up to 12 decimals]
    package_price: [money, 0 or more, up to 12 decimals]

    >>> mails = Package(Decimal(1000), Decimal("5.00"))
    >>> [str(step.amount) for step in mails.steps(Fraction(1001), 0)]
    ['10']
    """

    package_size: Decimal
    package_price: Decimal

    def __post_init__(self) -> None:
        check_amount("The package size", self.package_size, above_zero=True)
        check_amount("The package price", self.package_price)

    def steps(self, quantity: Fraction, _records: int, /) -> Iterator[Step]:
        """Price a quantity [after included units, 0 or more, exact]."""
        packages = started_units(quantity, self.package_size)
        yield Step("packages", Fraction(packages), Fraction(self.package_price))
