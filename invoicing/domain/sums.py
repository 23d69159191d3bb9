"""Adding amounts up without losing a digit."""

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact
from functools import reduce

# Adding amounts needs more digits than Python's default context, which would round without a word.
_EXACT = Context(prec=80, traps=[Inexact])


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """Return the exact sum; of none it is 0.

    values: [any unit, any sign, exact]

    >>> exact_sum([Decimal("999999999999999999.99"), Decimal("0.000000000001")])
    Decimal('999999999999999999.990000000001')
    """
    return reduce(_EXACT.add, values, Decimal(0))


def subtract(amount: Decimal, taken: Decimal) -> Decimal:
    """Return the exact difference.

    amount, taken: [money of one currency, any sign, exact]

    >>> subtract(Decimal("40.00"), Decimal("55.00"))
    Decimal('-15.00')
    """
    return _EXACT.subtract(amount, taken)
