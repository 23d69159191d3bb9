"""What differences may come to, in the reporting currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from catalogue.domain.price import price_quantity
from catalogue.domain.rounding import round_money
from catalogue.models import Company
from catalogue.selectors.exchange_rates import NoExchangeRate, exchange_rate_on
from catalogue.selectors.price_lookup import Found, PriceQuestion, prices_at


@dataclass(frozen=True, slots=True)
class AtRisk:
    """An amount, or a quantity to be priced; neither: nothing is known.

    currency: [of the amount, and of the price; "": unknown]. instant: [at which the price counts].
    """

    currency: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    sku: str = ""
    account_id: int | None = None
    instant: datetime | None = None


def money_at_risk(asked: Sequence[AtRisk], *, company: Company, at: datetime) -> list[Decimal | None]:
    """Return what each comes to in the currency of the company's head office, rounded once, in their order.

    A quantity is worth what it would cost alone at the price of the account. at: [instant] its day where the
    company is gives the exchange rate. None where no price or no rate is known. One query for all prices,
    and one a currency.
    """
    reporting = (company.parent or company).currency
    day = at.astimezone(ZoneInfo(company.timezone)).date()
    rates: dict[str, Fraction | None] = {}
    for currency in {one.currency for one in asked if one.currency}:
        try:
            rates[currency] = exchange_rate_on(currency, reporting.code, day).rate
        except NoExchangeRate:
            rates[currency] = None  # what is at risk is then not known: the finding stands all the same
    priced = [one for one in asked if one.amount is None and one.quantity and one.currency and one.instant]
    questions = [
        PriceQuestion(company.pk, one.sku, one.currency, one.account_id, one.instant)  # type: ignore[arg-type]
        for one in priced
    ]
    answers = {id(one): found for one, found in zip(priced, prices_at(questions), strict=True)}
    risks: list[Decimal | None] = []
    for one in asked:
        amount = _amount(one, answers.get(id(one)))
        rate = rates.get(one.currency)
        known = amount is not None and rate is not None
        risks.append(round_money(amount * rate, reporting.minor_units) if known else None)  # type: ignore[operator]
    return risks


def _amount(one: AtRisk, answer: Found | None) -> Fraction | None:
    if one.amount is not None:
        return Fraction(one.amount)
    if answer is None or answer.price is None or one.quantity is None:
        return None
    return price_quantity(answer.price.terms, Fraction(one.quantity), records=1).amount
