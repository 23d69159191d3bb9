"""Money: currencies, exact numbers from text, percent and exchange."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError
from catalogue.domain.rounding import round_money, round_to, show

DECIMALS = 12
INTEGER_DIGITS = 18

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
_LONGEST_NUMBER = 100


class NotANumber(BillingError):
    """A text that is no plain decimal number."""

    code = "not_a_number"


class InvalidAmount(BillingError):
    """A number outside what the system can keep, or of the wrong sign."""

    code = "invalid_amount"


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency of ISO 4217 with the number of decimals in which it is paid.

    code: [three capital letters]
    minor_units: [decimals, 0 to 4: JPY 0, EUR 2, KWD 3]

    >>> Currency("KWD", 3).round(Decimal("2.7528"))
    Decimal('2.753')
    """

    code: str
    minor_units: int

    def round(self, amount: Fraction | Decimal) -> Decimal:
        """Round an amount half up to this currency; amount: [money of this currency, any sign, exact]."""
        return round_money(amount, self.minor_units)


def parse_decimal(text: str) -> Decimal:
    """Read a number exactly as it is written, or refuse it.

    Digits with an optional point and exponent: no NaN, Infinity, thousands separator, decimal comma,
    underscore, space or digits of other scripts.

    text: [at most 18 digits before the point and 12 after it, by value: 1.50E-3 has 4; the result is exact]

    >>> parse_decimal("1.5e-7") == Decimal("0.00000015")
    True
    """
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise NotANumber(
            f"{text[:_LONGEST_NUMBER]!r} is not a number: write digits with a decimal point and without "
            "separators, for example 1234.50."
        )
    number = Decimal(text)
    if not number:
        return Decimal(0)
    check_amount(repr(text), number.copy_abs())
    return Decimal(format(number, "f"))


def check_amount(what: str, number: Decimal, *, above_zero: bool = False) -> None:
    """Refuse a price, percent or quantity that cannot be one.

    what: [begins the sentence of the error: "The unit price of tier 2"]
    number: [0 or more, finite, at most 18 digits before the point and 12 after it]
    above_zero: [whether 0 is refused, too]

    >>> check_amount("The fee", Decimal("19.00"))
    """
    if not number.is_finite():
        raise InvalidAmount(f"{what} must be a number, not {number}.")
    if number and number.adjusted() >= INTEGER_DIGITS:
        raise InvalidAmount(f"{what} has more than {INTEGER_DIGITS} digits before the point.")
    if _is_finer_than_kept(number):
        raise InvalidAmount(f"{what} has more than {DECIMALS} decimals.")
    if number < 0:
        raise InvalidAmount(f"{what} must not be below 0, and is {show(number, DECIMALS)}.")
    if above_zero and not number:
        raise InvalidAmount(f"{what} must be above 0.")


def _is_finer_than_kept(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    if not number or (isinstance(exponent, int) and exponent >= -DECIMALS):
        return False
    return number.adjusted() < -DECIMALS or round_to(number, DECIMALS) != number


def percent_of(amount: Fraction | Decimal, percent: Fraction | Decimal) -> Fraction:
    """Return that percent of an amount, unrounded.

    amount: [money, any sign, exact]
    percent: [19 is 19 %, exact]

    >>> percent_of(Decimal("10.02"), Decimal(25)) == Fraction("2.505")
    True
    """
    return Fraction(amount) * Fraction(percent) / 100


def convert(amount: Fraction | Decimal, exchange_rate: Fraction | Decimal, to: Currency) -> Decimal:
    """Convert an amount into another currency, rounded once.

    amount: [money of the base currency, any sign, exact]
    exchange_rate: [1 base = so many of the quote currency, above 0, exact; never used the other way round]
    to: [the quote currency]

    >>> convert(Decimal("66.96"), Decimal("1.0845"), Currency("USD", 2))
    Decimal('72.62')
    """
    return to.round(Fraction(amount) * Fraction(exchange_rate))


def cross_rate(pivot_to_base: Fraction | Decimal, pivot_to_quote: Fraction | Decimal) -> Fraction:
    """Return the exchange rate of a pair that is listed only through a third currency (the euro), unrounded.

    pivot_to_base: [1 pivot = so many of the base currency, above 0, exact]
    pivot_to_quote: [1 pivot = so many of the quote currency, above 0, exact]

    >>> convert(Decimal("10.00"), cross_rate(Decimal(3), Decimal(1)), Currency("USD", 2))
    Decimal('3.33')
    """
    return Fraction(pivot_to_quote) / Fraction(pivot_to_base)
