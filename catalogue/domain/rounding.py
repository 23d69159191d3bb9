"""Rounding: the only module that names a rounding mode (rule 3).

Everything is computed from an exact numerator and denominator with integers. Python's decimal context, which
silently rounds at 28 digits, is never asked.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from billing_site.common.errors import BillingError

RoundingMode = Literal["half_up", "down"]

QUANTITY_DECIMALS = 6
UNIT_PRICE_DECIMALS = 12


class CannotAllocate(BillingError):
    """An amount cannot be shared: nothing to share by, or it is finer than the currency."""

    code = "cannot_allocate"


def round_to(value: Fraction | Decimal, decimals: int, *, mode: RoundingMode = "half_up") -> Decimal:
    """Round a number once, from its exact value.

    value: [any unit, any sign, exact]
    decimals: [digits after the point, 0 or more]
    mode: ["half_up" is half away from zero, for negative numbers too; "down" is towards zero]

    >>> round_to(Fraction(2, 3), 6)
    Decimal('0.666667')
    """
    numerator, denominator = value.as_integer_ratio()
    whole, rest = divmod(abs(numerator) * 10**decimals, denominator)
    if mode == "half_up" and 2 * rest >= denominator:
        whole += 1
    sign = "-" if numerator < 0 and whole else ""
    return Decimal(f"{sign}{whole}E-{decimals}")


def round_money(amount: Fraction | Decimal, minor_units: int, *, mode: RoundingMode = "half_up") -> Decimal:
    """Round an amount to what can be paid: once a line, and once a tax.

    amount: [money, any sign, exact]
    minor_units: [decimals of the currency: JPY 0, EUR 2, KWD 3]
    mode: ["half_up", or "down" for the tax of a company that rounds it down]

    >>> round_money(Fraction(1, 3) * Fraction("0.015"), 2), round_money(Decimal("-1.225"), 2)
    (Decimal('0.01'), Decimal('-1.23'))
    """
    return round_to(amount, minor_units, mode=mode)


def round_quantity(quantity: Fraction | Decimal) -> Decimal:
    """Round a quantity to the 6 decimals at which quantities are shown and compared.

    quantity: [any unit, any sign, exact]; the result is for showing, never for computing

    >>> round_quantity(Fraction(20, 60))
    Decimal('0.333333')
    """
    return round_to(quantity, QUANTITY_DECIMALS)


def round_unit_price(unit_price: Fraction | Decimal) -> Decimal:
    """Round a derived unit price (an average, a converted price) to the 12 decimals of a price.

    unit_price: [money a unit, any sign, exact]

    >>> round_unit_price(Fraction(1, 3))
    Decimal('0.333333333333')
    """
    return round_to(unit_price, UNIT_PRICE_DECIMALS)


def show(value: Fraction | Decimal, decimals: int = QUANTITY_DECIMALS) -> str:
    """Return plain text for people: rounded half up, no exponent, no trailing zeros.

    value: [any unit, any sign, exact]
    decimals: [most digits after the point: 6 for quantities, 12 for unit prices]

    >>> show(Fraction(1039, 3)), show(Decimal("2E-7"), 12), show(Decimal("100.00"))
    ('346.333333', '0.0000002', '100')
    """
    text = format(round_to(value, decimals), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def started_units(quantity: Fraction | Decimal, size: Fraction | Decimal) -> int:
    """Count how many units of a size are begun: packages, minutes, hours.

    quantity: [any unit, 0 or more, exact]
    size: [the same unit, above 0, exact]

    >>> started_units(Decimal("1001"), Decimal("1000")), started_units(Decimal(0), Decimal("1000"))
    (2, 0)
    """
    return ceil(Fraction(quantity) / Fraction(size))


def allocate(
    amount: Fraction | Decimal, weights: Sequence[Fraction | Decimal], minor_units: int
) -> tuple[Decimal, ...]:
    """Share an amount in proportion so that the parts add up to it exactly (largest remainder).

    Every share is cut to the currency; what is left over goes, one minor unit each, to the shares that lost
    the largest fraction, and among equals to the one that stands first.

    amount: [money, any sign, whole minor units]
    weights: [any unit, 0 or more and not all 0, exact]
    minor_units: [decimals of the currency]

    >>> [str(share) for share in allocate(Decimal("100.00"), [Decimal(1)] * 3, 2)]
    ['33.34', '33.33', '33.33']
    """
    in_minor_units = Fraction(amount) * 10**minor_units
    if in_minor_units.denominator != 1:
        raise CannotAllocate(f"{show(amount, 12)} cannot be shared: it has more than {minor_units} decimals.")
    exact_weights = [Fraction(weight) for weight in weights]
    total = sum(exact_weights)
    if total <= 0 or min(exact_weights) < 0:
        raise CannotAllocate(
            f"{show(amount, 12)} cannot be shared: there must be parts, none below 0 and one above 0."
        )
    exact = [abs(in_minor_units) * weight / total for weight in exact_weights]
    shares = [int(share) for share in exact]
    left_over = int(abs(in_minor_units)) - sum(shares)
    by_lost_fraction = sorted(range(len(shares)), key=lambda part: shares[part] - exact[part])
    for part in by_lost_fraction[:left_over]:
        shares[part] += 1
    sign = -1 if in_minor_units < 0 else 1
    return tuple(round_money(Fraction(sign * share, 10**minor_units), minor_units) for share in shares)
