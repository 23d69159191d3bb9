"""How much of a payment the invoice that it names uses (rule 14)."""

from decimal import Decimal


def applied_amount(payment: Decimal, open_amount: Decimal) -> Decimal:
    """Return what a payment settles of its invoice; the rest of it stays unapplied.

    payment: [money, above 0]
    open_amount: [money, 0 or more: the invoice less its credit notes and earlier payments]

    >>> applied_amount(Decimal("100.00"), Decimal("80.00"))
    Decimal('80.00')
    """
    return min(payment, open_amount)
