"""Tax: which rates apply, and how much they take of a document (rule 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_site.common.errors import BillingError
from catalogue.domain.money import percent_of
from catalogue.domain.rounding import RoundingMode, round_money


class CategoryNotInvoiced(BillingError):
    """A credit in a tax category that its invoice does not have."""

    code = "category_not_invoiced"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One tax of a country and category, from a day on until the same tax has a newer rate.

    country: [ISO 3166 alpha-2, of the account]
    category: [standard, reduced, zero, exempt or reverse_charge]
    name: [of the tax, for countries with several; may be empty]
    percent: [19 is 19 %, 0 or more, exact]
    valid_from: [local date of issue]
    """

    country: str
    category: str
    name: str
    percent: Decimal
    valid_from: date


@dataclass(frozen=True, slots=True)
class TaxLine:
    """What one tax takes of one category of a document; a category without a rate has one line at 0 percent.

    category, name, percent: [as in `TaxRate`]
    taxable_amount: [money, sum of the category's rounded lines]
    tax_amount: [money, rounded once]
    """

    category: str
    name: str
    percent: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal


def rates_on(rates: Iterable[TaxRate], country: str, category: str, issued_on: date) -> list[TaxRate]:
    """Return the rates that add up for one category, by name; none means that it is taxed at 0.

    rates: [in any order; of the same name the last `valid_from` on or before the issue date counts]
    country: [ISO 3166 alpha-2, of the account]
    category: [tax category of the product]
    issued_on: [local date of issue]

    >>> old = TaxRate("DE", "standard", "", Decimal(16), date(2020, 7, 1))
    >>> new = TaxRate("DE", "standard", "", Decimal(19), date(2021, 1, 1))
    >>> [str(rate.percent) for rate in rates_on([new, old], "DE", "standard", date(2020, 12, 31))]
    ['16']
    """
    in_force: dict[str, TaxRate] = {}
    for rate in sorted(rates, key=lambda rate: rate.valid_from):
        if (rate.country, rate.category) == (country, category) and rate.valid_from <= issued_on:
            in_force[rate.name] = rate
    return [in_force[name] for name in sorted(in_force)]


def tax_lines(
    taxable: Mapping[str, Decimal],
    rates: Sequence[TaxRate],
    *,
    country: str,
    issued_on: date,
    minor_units: int,
    mode: RoundingMode = "half_up",
) -> list[TaxLine]:
    """Compute the tax of a document, on the sum of each category and never by line.

    taxable: [category -> money, sum of its rounded lines, discounts taken off; any sign]
    rates: [all that may apply]
    country: [ISO 3166 alpha-2, of the account]
    issued_on: [local date of issue]
    minor_units: [decimals of the currency]
    mode: [the company's: half_up, or down]

    >>> vat = TaxRate("GB", "standard", "VAT", Decimal(20), date(2020, 1, 1))
    >>> terms = {"country": "GB", "issued_on": date(2026, 4, 3), "minor_units": 2}
    >>> [str(line.tax_amount) for line in tax_lines({"standard": Decimal("1208.35")}, [vat], **terms)]
    ['241.67']
    """
    lines = []
    for category in sorted(taxable):
        amount = taxable[category]
        applied = [(rate.name, rate.percent) for rate in rates_on(rates, country, category, issued_on)] or [
            ("", Decimal(0))
        ]
        for name, percent in applied:
            tax_amount = round_money(percent_of(amount, percent), minor_units, mode=mode)
            lines.append(TaxLine(category, name, percent, amount, tax_amount))
    return lines


def credit_note_tax_lines(
    credited: Mapping[str, Decimal],
    invoiced: Iterable[TaxLine],
    credited_before: Iterable[TaxLine],
    *,
    minor_units: int,
    mode: RoundingMode = "half_up",
) -> list[TaxLine]:
    """Compute the tax that a credit note gives back: by itself, at its invoice's rates.

    It never gives back more than is left of the invoice's tax, and the credit note that credits the last of
    a category takes the remainder, so that all of them together give back exactly what was taxed.

    credited: [category -> money credited now, as positive as it is on the invoice]
    invoiced: [the tax lines of the invoice]
    credited_before: [the tax lines of all earlier credit notes of this invoice]
    minor_units: [decimals of the currency]
    mode: [the company's: half_up, or down]

    >>> invoiced = [TaxLine("standard", "", Decimal(20), Decimal("136.66"), Decimal("27.33"))]
    >>> half = {"standard": Decimal("68.33")}
    >>> first = credit_note_tax_lines(half, invoiced, [], minor_units=2)
    >>> last = credit_note_tax_lines(half, invoiced, first, minor_units=2)
    >>> [str(line.tax_amount) for line in [*first, *last]]
    ['13.67', '13.66']
    """
    taxed = {(line.category, line.name): line for line in invoiced}
    unknown = sorted(set(credited) - {category for category, _ in taxed})
    if unknown:
        raise CategoryNotInvoiced(f"The invoice has nothing in the tax category {unknown[0]} to credit.")
    amount_left = {key: line.taxable_amount for key, line in taxed.items()}
    tax_left = {key: line.tax_amount for key, line in taxed.items()}
    for before in credited_before:
        amount_left[before.category, before.name] -= before.taxable_amount
        tax_left[before.category, before.name] -= before.tax_amount
    lines = []
    for (category, name), line in sorted(taxed.items()):
        if category not in credited:
            continue
        amount, left = credited[category], tax_left[category, name]
        tax_amount = round_money(percent_of(amount, line.percent), minor_units, mode=mode)
        if amount == amount_left[category, name]:
            tax_amount = left
        elif left >= 0:
            tax_amount = min(tax_amount, left)
        else:
            tax_amount = max(tax_amount, left)
        lines.append(TaxLine(category, name, line.percent, amount, tax_amount))
    return lines
