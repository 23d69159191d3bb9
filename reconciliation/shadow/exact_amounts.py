"""What one quantity is worth, in fractions: for what columns of 128 bits cannot hold."""

from __future__ import annotations

from fractions import Fraction

from reconciliation.shadow.books import Terms, Tier


def worth(terms: Terms, quantity: Fraction, records: int) -> Fraction:
    """Return the unrounded amount of a charge, after included units and cap."""
    charged = max(quantity - Fraction(terms.included, terms.quantity_scale), Fraction(0))
    amount = _priced(terms, charged, records)
    return amount if terms.cap is None else min(amount, Fraction(terms.cap, terms.money_scale))


def rounded(
    terms: Terms | None, quantity: Fraction, records: int, places: int, share: Fraction = Fraction(1)
) -> tuple[int, int]:
    """Return amount and true-up of a charge in the currency's smallest unit; 0 and 0 without a price.

    share: [of a cycle's days, more than 0 to 1].
    """
    if terms is None:
        return 0, 0
    charge = in_smallest_units(worth(terms, quantity, records) * share, places)
    if terms.minimum is None:
        return charge, 0
    minimum = in_smallest_units(Fraction(terms.minimum, terms.money_scale), places)
    return charge, max(minimum - charge, 0)


def in_smallest_units(amount: Fraction, places: int) -> int:
    """Round half up to the currency's smallest unit and count in it.

    >>> in_smallest_units(Fraction(5, 1000), 2)
    1
    """
    return (2 * amount * 10**places + 1) // 2


def _priced(terms: Terms, charged: Fraction, records: int) -> Fraction:
    def money(whole: int) -> Fraction:
        return Fraction(whole, terms.money_scale)

    match terms.model:
        case "per_unit":
            return charged * money(terms.unit_price)
        case "percentage":
            return charged * money(terms.unit_price) + records * money(terms.fixed_fee)
        case "flat":
            return money(terms.fee) if charged else Fraction(0)
        case "package":
            packages = -(-charged // Fraction(terms.package_size, terms.quantity_scale))
            return packages * money(terms.package_price)
    entered = [tier for tier in terms.tiers if charged > _bound(terms, tier.lower)]
    if terms.model == "graduated":
        parts = (
            _inside(terms, tier, charged) * money(tier.unit_price) + money(tier.flat_fee) for tier in entered
        )
        return sum(parts, Fraction(0))
    if not entered:
        return Fraction(0)
    # volume, stairstep: all of it in the tier that the total falls in; a stairstep's unit prices are 0.
    return charged * money(entered[-1].unit_price) + money(entered[-1].flat_fee)


def _inside(terms: Terms, tier: Tier, charged: Fraction) -> Fraction:
    upper = charged if tier.up_to is None else min(charged, _bound(terms, tier.up_to))
    return upper - _bound(terms, tier.lower)


def _bound(terms: Terms, bound: int) -> Fraction:
    return Fraction(bound, terms.quantity_scale)
