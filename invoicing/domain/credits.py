"""Credits: which lines of an invoice they take from, and that they never take more than is left (rule 4).

What is left of a line is its net less what was credited of it. An invoice also has something left where an
earlier credit note charged beside its lines (a late correction may do that): such a line has no `line_id`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from billing_site.common.errors import BillingError
from catalogue.domain.rounding import allocate, round_money, show
from invoicing.domain.sums import exact_sum, subtract


class CannotCreditMoreThanBilled(BillingError):
    """A credit of more than is left of the lines, of a tax category or of the invoice."""

    code = "cannot_credit_more_than_billed"
    is_conflict = True


class NoSuchLine(BillingError):
    """A credit of a line that the invoice does not have."""

    code = "no_such_line"


class InvalidCredit(BillingError):
    """An amount that cannot be credited: not above 0, or finer than the currency."""

    code = "invalid_credit"


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What can be credited of a line of an invoice, with what the credit note prints of it.

    line_id: [of the invoice's line; None for what a credit note charged beside them]
    left: [money, net, any sign: a discount's or a correction's is negative]
    """

    line_id: int | None
    product_id: int | None
    sku: str
    description: str
    family: str
    resource: str
    service_start: datetime
    service_end: datetime
    unit: str
    tax_category: str
    left: Decimal


@dataclass(frozen=True, slots=True)
class CreditWish:
    """A net amount to credit of the lines of an SKU, of one resource or (None) of all.

    amount: [money, net, above 0]
    """

    sku: str
    amount: Decimal
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """What to credit of an invoice: lines, or an amount of the whole, or (neither) all that is left."""

    wishes: tuple[CreditWish, ...] = ()
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """What a credit note takes from a line; amount: [money, net, what is credited is positive]."""

    line: LineLeft
    amount: Decimal


def credit(lines: Iterable[LineLeft], request: CreditRequest, minor_units: int) -> list[CreditedLine]:
    """Return what a request takes from the lines of an invoice, in order of resource, then service start.

    lines: [all of the invoice, in any order]
    request: [lines, an amount or all]
    minor_units: [decimals of the currency]

    >>> credit([], CreditRequest((CreditWish("RACK", Decimal(1)),)), 2)
    Traceback (most recent call last):
    invoicing.domain.credits.NoSuchLine: The invoice has no line of RACK.
    """
    if request.wishes and request.amount is not None:
        raise InvalidCredit("Credit either lines or an amount of the whole invoice, not both.")
    if request.wishes:
        return credit_lines(lines, request.wishes, minor_units)
    if request.amount is not None:
        return credit_amount(lines, request.amount, minor_units)
    return credit_all(lines)


def credit_lines(
    lines: Iterable[LineLeft], wishes: Iterable[CreditWish], minor_units: int
) -> list[CreditedLine]:
    """Credit lines by SKU and resource; several that fit are used up by resource, then service start.

    lines: [all of the invoice, in any order]
    wishes: [taken one after the other: the second sees what the first left]
    minor_units: [decimals of the currency]

    >>> from datetime import UTC
    >>> day = datetime(2026, 3, 1, tzinfo=UTC)
    >>> rack = lambda line_id, resource, left: LineLeft(
    ...     line_id, 1, "RACK", "", "", resource, day, day, "each", "standard", Decimal(left))
    >>> credited = credit_lines([rack(2, "o2", "68.33"), rack(1, "o1", "68.33")],
    ...                         [CreditWish("RACK", Decimal("70.00"))], 2)
    >>> [(line.line.line_id, str(line.amount)) for line in credited]
    [(1, '68.33'), (2, '1.67')]
    """
    ordered = _in_order(lines)
    taken = [Decimal(0)] * len(ordered)
    for wish in wishes:
        check_credit(wish.amount, minor_units)
        fitting = [
            place
            for place, line in enumerate(ordered)
            if line.sku == wish.sku and wish.resource in (None, line.resource)
        ]
        _use_up(ordered, taken, fitting, wish.amount, _named(wish))
    if not any(taken):
        raise InvalidCredit("Nothing is named to credit: name at least one line with its SKU and an amount.")
    return _checked(ordered, taken)


def credit_amount(lines: Iterable[LineLeft], amount: Decimal, minor_units: int) -> list[CreditedLine]:
    """Credit an amount of the invoice as a whole, in proportion to what is left of each tax category.

    Within a category the lines are used up in order of resource, then service start; so the amount is taxed
    as the invoice is, whatever the resources are called.

    lines: [all of the invoice, in any order]
    amount: [money, net, above 0]
    minor_units: [decimals of the currency]

    >>> from datetime import UTC
    >>> day = datetime(2026, 3, 1, tzinfo=UTC)
    >>> line = lambda line_id, category, left: LineLeft(
    ...     line_id, 1, "RACK", "", "", "o1", day, day, "each", category, Decimal(left))
    >>> credited = credit_amount([line(1, "standard", "60.00"), line(2, "reduced", "40.00")],
    ...                          Decimal("10.00"), 2)
    >>> [(line.line.line_id, str(line.amount)) for line in credited]
    [(1, '6.00'), (2, '4.00')]
    """
    check_credit(amount, minor_units)
    ordered = _in_order(lines)
    taken = [Decimal(0)] * len(ordered)
    by_category = {category: left for category, left in sorted(left_by_category(ordered).items()) if left > 0}
    left = exact_sum(by_category.values())
    if amount > left:
        raise CannotCreditMoreThanBilled(_too_much("the invoice", left, amount))
    shares = allocate(amount, list(by_category.values()), minor_units)
    for category, share in zip(by_category, shares, strict=True):
        fitting = [place for place, line in enumerate(ordered) if line.tax_category == category]
        _use_up(ordered, taken, fitting, share, f"the invoice in the tax category {category}")
    return _checked(ordered, taken)


def credit_all(lines: Iterable[LineLeft]) -> list[CreditedLine]:
    """Credit all that is left: discounts and corrections with it, so that nothing of the invoice remains.

    lines: [all of the invoice, in any order]

    >>> credit_all([])
    Traceback (most recent call last):
    invoicing.domain.credits.CannotCreditMoreThanBilled: Nothing is left of the invoice to credit.
    """
    ordered = _in_order(lines)
    if exact_sum(line.left for line in ordered) <= 0:
        raise CannotCreditMoreThanBilled("Nothing is left of the invoice to credit.")
    return [CreditedLine(line, line.left) for line in ordered if line.left]


def left_by_category(lines: Iterable[LineLeft]) -> dict[str, Decimal]:
    """Add up what is left of each tax category.

    lines: [all of the invoice, in any order]

    >>> left_by_category([])
    {}
    """
    by_category: dict[str, list[Decimal]] = {}
    for line in lines:
        by_category.setdefault(line.tax_category, []).append(line.left)
    return {category: exact_sum(amounts) for category, amounts in by_category.items()}


def credited_by_category(credited: Iterable[CreditedLine]) -> dict[str, Decimal]:
    """Add up what is credited of each tax category.

    credited: [all lines of the credit note]

    >>> credited_by_category([])
    {}
    """
    by_category: dict[str, list[Decimal]] = {}
    for line in credited:
        by_category.setdefault(line.line.tax_category, []).append(line.amount)
    return {category: exact_sum(amounts) for category, amounts in by_category.items()}


def check_credit(amount: Decimal, minor_units: int) -> None:
    """Refuse an amount that cannot be credited.

    amount: [money, net]
    minor_units: [decimals of the currency]

    >>> check_credit(Decimal("0.005"), 2)
    Traceback (most recent call last):
    invoicing.domain.credits.InvalidCredit: 0.005 has more decimals than the currency, which has 2.
    """
    if not amount.is_finite() or amount <= 0:
        raise InvalidCredit(f"The amount to credit must be above 0, and is {amount}.")
    if round_money(amount, minor_units) != amount:
        raise InvalidCredit(
            f"{show(amount, 12)} has more decimals than the currency, which has {minor_units}."
        )


def _in_order(lines: Iterable[LineLeft]) -> list[LineLeft]:
    return sorted(lines, key=lambda line: (line.resource, line.service_start, line.sku, line.line_id or 0))


def _use_up(
    lines: Sequence[LineLeft], taken: list[Decimal], fitting: Sequence[int], amount: Decimal, what: str
) -> None:
    """Take the amount from the lines at these places, each as far as something is left of it."""
    if not fitting:
        raise NoSuchLine(f"The invoice has no line of {what}.")
    missing = amount
    for place in fitting:
        left = subtract(lines[place].left, taken[place])
        part = min(left, missing)
        if part > 0:
            taken[place] = exact_sum([taken[place], part])
            missing = subtract(missing, part)
    if missing:
        raise CannotCreditMoreThanBilled(_too_much(what, subtract(amount, missing), amount))


def _checked(lines: Sequence[LineLeft], taken: Sequence[Decimal]) -> list[CreditedLine]:
    """Return the lines that something is taken from, unless a discount leaves less of their category."""
    credited = [CreditedLine(line, amount) for line, amount in zip(lines, taken, strict=True) if amount]
    left = left_by_category(lines)
    for category, amount in sorted(credited_by_category(credited).items()):
        if amount > left[category]:
            what = f"the invoice in the tax category {category}"
            raise CannotCreditMoreThanBilled(_too_much(what, left[category], amount))
    total, left_in_all = exact_sum(line.amount for line in credited), exact_sum(left.values())
    if total > left_in_all:
        raise CannotCreditMoreThanBilled(_too_much("the invoice", left_in_all, total))
    return credited


def _named(wish: CreditWish) -> str:
    return f"{wish.sku} of {wish.resource}" if wish.resource is not None else wish.sku


def _too_much(what: str, left: Decimal, wanted: Decimal) -> str:
    return f"Of {what} {_plain(left)} net is left to credit, {_plain(wanted)} was asked for: credit less."


def _plain(amount: Decimal) -> str:
    return show(amount, 12)
