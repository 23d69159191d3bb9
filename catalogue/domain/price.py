"""Price: from terms and a quantity to an amount that explains itself.

In the order of the format: included units come off, the model prices the rest, the cap cuts, and the minimum
makes up. A correction is not priced: it is the price of the new quantity less what was billed.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError
from catalogue.domain.price_models import Step
from catalogue.domain.rounding import round_money, show
from catalogue.domain.terms import PriceTerms


class NegativeQuantity(BillingError):
    """A quantity below 0, which has no price."""

    code = "negative_quantity"


@dataclass(frozen=True, slots=True)
class PricedAmount:
    """What one charge (rule 5) costs, and why.

    quantity: [total before included units, 0 or more, exact]
    steps: [their amounts add up to the amount]
    """

    quantity: Fraction
    steps: tuple[Step, ...]

    @property
    def amount(self) -> Fraction:
        """The sum of the steps [money, 0 or more, unrounded]."""
        return sum((step.amount for step in self.steps), Fraction(0))


def price_quantity(terms: PriceTerms, quantity: Fraction, *, records: int = 0) -> PricedAmount:
    """Price the whole quantity of one charge.

    Quantity 0 costs nothing in every model (nothing is entered, begun or used); only the fixed fees of a
    percentage are still due for its records.

    terms: [of the price valid at its time]
    quantity: [in the product's unit, total of the charge, 0 or more, exact]
    records: [how many usage records it comes from, for the fixed fee of a percentage; 0 or more]

    >>> from catalogue.domain.price_models import PerUnit
    >>> priced = price_quantity(PriceTerms(PerUnit(Decimal("0.05")), cap=Decimal("33.60")), Fraction(744))
    >>> [(step.label, str(step.amount)) for step in priced.steps], str(priced.amount)
    ([('units', '186/5'), ('cap', '-18/5')], '168/5')
    """
    if quantity < 0:
        raise NegativeQuantity(
            f"A quantity of {show(quantity)} has no price: price the corrected total and subtract."
        )
    steps = []
    free = min(quantity, Fraction(terms.included))
    if free:
        steps.append(Step("included", free, Fraction(0)))
    steps.extend(terms.model.steps(quantity - free, records))
    if terms.cap is not None:
        uncapped = sum((step.amount for step in steps), Fraction(0))
        if uncapped > terms.cap:
            steps.append(Step("cap", Fraction(1), Fraction(terms.cap) - uncapped))
    return PricedAmount(quantity, tuple(steps))


def true_up(terms: PriceTerms, priced: PricedAmount, minor_units: int) -> Decimal:
    """Return what makes up the minimum of a billing period: minimum less the rounded amount.

    It is never prorated, and 0 where there is no charge or the amount is enough.

    terms: [with or without a minimum]
    priced: [the whole charge of the period]
    minor_units: [decimals of the currency; the result is rounded to it]

    >>> from catalogue.domain.price_models import PerUnit
    >>> terms = PriceTerms(PerUnit(Decimal("0.01")), minimum=Decimal("500.00"))
    >>> true_up(terms, price_quantity(terms, Fraction(42037)), 2)
    Decimal('79.63')
    """
    if terms.minimum is None or not priced.quantity:
        return Decimal(0)
    missing = Fraction(terms.minimum) - Fraction(round_money(priced.amount, minor_units))
    return round_money(max(missing, Fraction(0)), minor_units)
