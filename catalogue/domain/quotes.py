"""Quotes: what invoices would say of items, by the arithmetic that rating and invoicing use.

An item becomes a charge as rule 5 makes one: each item by itself, but items of one price with the scope
`account` together, within a month. A charge whose amount is below its minimum gets a true-up beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.discounts import Discount, DiscountableLine, PromotionTerms, discount_lines
from catalogue.domain.price import price_quantity, true_up
from catalogue.domain.price_models import Step
from catalogue.domain.rounding import RoundingMode, round_money, round_to
from catalogue.domain.tax import TaxLine, TaxRate, tax_lines
from catalogue.domain.tax_treatments import TaxTreatment, treated, treatment_on
from catalogue.domain.terms import PriceTerms


@dataclass(frozen=True, slots=True)
class QuotedItem:
    """One item with the price in force for it.

    position: [its place in the request, 0 is the first]
    month: [first day of the billing month that it lies in]
    sku, family, tax_category: [of its product]
    quantity: [of the whole charge, in the product's unit, 0 or more, exact]
    records: [how many usage records it comes from, 0 or more]
    price_id: [names the price]
    terms: [of that price]
    """

    position: int
    month: date
    sku: str
    family: str
    tax_category: str
    quantity: Fraction
    records: int
    price_id: int
    terms: PriceTerms


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line as an invoice has it: a charge, or the true-up of one.

    positions: [of the items that it is for]
    month, sku, family, tax_category, price_id: [of these items]
    kind: [charge or true_up]
    quantity: [total before included units, exact; 0 for a true-up]
    unit_price: [money a unit, where the price has a single one]
    steps: [their amounts add up to the amount; none for a true-up]
    amount: [money, unrounded]
    net_amount: [money, rounded once]
    """

    positions: tuple[int, ...]
    month: date
    sku: str
    family: str
    tax_category: str
    price_id: int
    kind: str
    quantity: Fraction
    unit_price: Decimal | None
    steps: tuple[Step, ...]
    amount: Fraction
    net_amount: Decimal


@dataclass(frozen=True, slots=True)
class QuotedInvoice:
    """The invoice of one month.

    month: [first day of the billing month]
    lines: [charges and true-ups]
    discounts: [what promotions take off, below 0]
    taxes: [by category and name, on what is left]
    """

    month: date
    lines: tuple[QuoteLine, ...]
    discounts: tuple[Discount, ...]
    taxes: tuple[TaxLine, ...]

    @property
    def net_amount(self) -> Decimal:
        """The sum of the rounded lines and discounts [money]."""
        return net_of(self.lines) + sum((discount.amount for discount in self.discounts), Decimal(0))

    @property
    def tax_amount(self) -> Decimal:
        """The sum of the rounded taxes [money]."""
        return sum((tax.tax_amount for tax in self.taxes), Decimal(0))


@dataclass(frozen=True, slots=True)
class QuotedMargin:
    """Revenue and cost in the head office's currency [money, rounded], and what is left.

    >>> margin = QuotedMargin(Decimal("66.96"), Decimal("38.69"))
    >>> margin.margin, margin.percent
    (Decimal('28.27'), Decimal('42.22'))
    """

    revenue: Decimal
    cost: Decimal

    @property
    def margin(self) -> Decimal:
        """Revenue less cost; below 0 where the cost is higher."""
        return self.revenue - self.cost

    @property
    def percent(self) -> Decimal | None:
        """The margin in percent of the revenue [2 decimals]; None without revenue."""
        return round_to(Fraction(self.margin) * 100 / Fraction(self.revenue), 2) if self.revenue else None


def quote_lines(items: Iterable[QuotedItem], minor_units: int) -> list[QuoteLine]:
    """Price items, each charge followed by its true-up, in the order in which their first items stand.

    items: [of one side: all at sell prices, or all at cost prices of one currency]
    minor_units: [decimals of that currency]

    >>> from catalogue.domain.price_models import PerUnit
    >>> terms = PriceTerms(PerUnit(Decimal("0.05")), minimum=Decimal("5.00"))
    >>> item = QuotedItem(0, date(2026, 3, 1), "VM", "", "standard", Fraction(40), 1, 7, terms)
    >>> [(line.kind, str(line.net_amount)) for line in quote_lines([item], 2)]
    [('charge', '2.00'), ('true_up', '3.00')]
    """
    charges: dict[tuple[object, ...], list[QuotedItem]] = {}
    for item in items:
        is_pooled = item.terms.scope == "account"
        charges.setdefault((item.price_id, item.month, None if is_pooled else item.position), []).append(item)
    return [line for charge in charges.values() for line in _lines(charge, minor_units)]


def quote_invoice(
    month: date,
    lines: Sequence[QuoteLine],
    *,
    promotions: Sequence[PromotionTerms],
    rates: Sequence[TaxRate],
    country: str,
    treatments: Sequence[TaxTreatment] = (),
    issued_on: date,
    minor_units: int,
    mode: RoundingMode,
) -> QuotedInvoice:
    """Discount and tax the lines of a month.

    month: [first day of the billing month]
    lines: [all of that month]
    promotions: [those that count in that month, in the order in which they count]
    rates, country, issued_on, minor_units, mode: [as in `tax_lines`]
    treatments: [all of the customer]
    """
    treatment = treatment_on(treatments, issued_on)
    lines = [replace(line, tax_category=treated(line.tax_category, treatment)) for line in lines]
    rates = [rate for rate in rates if rate.category != treatment]
    discounts = discount_lines(
        [DiscountableLine(line.sku, line.tax_category, line.net_amount, line.family) for line in lines],
        promotions,
        minor_units,
    )
    taxable: dict[str, Decimal] = {}
    for line in lines:
        taxable[line.tax_category] = taxable.get(line.tax_category, Decimal(0)) + line.net_amount
    for discount in discounts:
        taxable[discount.tax_category] += discount.amount
    taxes = tax_lines(
        taxable, rates, country=country, issued_on=issued_on, minor_units=minor_units, mode=mode
    )
    return QuotedInvoice(month, tuple(lines), tuple(discounts), tuple(taxes))


def by_month(lines: Iterable[QuoteLine]) -> Mapping[date, list[QuoteLine]]:
    """Return the lines of each month, earliest first; lines: [of one side]."""
    months: dict[date, list[QuoteLine]] = {}
    for line in lines:
        months.setdefault(line.month, []).append(line)
    return dict(sorted(months.items()))


def net_of(lines: Iterable[QuoteLine]) -> Decimal:
    """Return the sum of rounded lines [money]; lines: [of one currency]."""
    return sum((line.net_amount for line in lines), Decimal(0))


def _lines(charge: Sequence[QuotedItem], minor_units: int) -> list[QuoteLine]:
    """Price the items of one charge together."""
    first = charge[0]
    quantity = sum((item.quantity for item in charge), Fraction(0))
    # What has no quantity makes no charge: the fixed fee of a percentage is not due for it either.
    records = sum(item.records for item in charge) if quantity else 0
    priced = price_quantity(first.terms, quantity, records=records)
    positions = tuple(item.position for item in charge)
    common = (positions, first.month, first.sku, first.family, first.tax_category, first.price_id)
    amount = priced.amount
    lines = [
        QuoteLine(
            *common,
            "charge",
            quantity,
            first.terms.unit_price,
            priced.steps,
            amount,
            round_money(amount, minor_units),
        )
    ]
    if missing := true_up(first.terms, priced, minor_units):
        lines.append(QuoteLine(*common, "true_up", Fraction(0), None, (), Fraction(missing), missing))
    return lines
