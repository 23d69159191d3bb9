"""Which price counts: the rule of the price format, for many questions at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billing_site.common import sql
from catalogue.domain.price_models import Tier
from catalogue.domain.terms import PriceTerms, price_terms
from catalogue.models import Price

_OF_MODELS = ("unit_price", "fee", "package_size", "package_price", "percent", "fixed_fee")
_OF_ALL = ("included", "cap", "minimum", "scope")
_TIERED = {Price.Model.GRADUATED, Price.Model.VOLUME, Price.Model.STAIRSTEP}


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """Which price of a company's book counts at an instant, or which one agreed with the account?"""

    company_id: int
    sku: str
    currency: str
    account_id: int | None
    instant: datetime


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """A product as those who price it see it; fields as in `Product`."""

    sku: str
    name: str
    family: str
    unit: str
    kind: str
    tax_category: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PriceInForce:
    """One entry of a price book, or one agreed with an account, ready to price a quantity."""

    id: int
    is_agreed: bool
    valid_from: datetime
    valid_to: datetime | None
    model: str
    terms: PriceTerms


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: no product, a product without a price, or both."""

    product: SoldProduct | None = None
    price: PriceInForce | None = None


def prices_at(questions: Sequence[PriceQuestion]) -> list[Found]:
    """Return the product and the price in force for each question, in their order (one query).

    Of the entries valid at the instant the one with the latest `valid_from` counts, then the one entered
    last. One agreed with the account beats the book. Superseded entries do not count.
    """
    found = [Found()] * len(questions)
    asked = {
        "companies": [question.company_id for question in questions],
        "skus": [question.sku for question in questions],
        "currencies": [question.currency for question in questions],
        "accounts": [question.account_id for question in questions],
        "instants": [question.instant for question in questions],
    }
    for row in sql.rows("catalogue", "prices_at", asked):
        product = SoldProduct(**{name: row[name] for name in SoldProduct.__slots__})
        found[row["question"] - 1] = Found(product, _price(row) if row["price_id"] else None)
    return found


def _price(row: Mapping[str, Any]) -> PriceInForce:
    of_model = {name: row[name] for name in _OF_MODELS}
    if row["model"] in _TIERED:
        is_fee_only = row["model"] == Price.Model.STAIRSTEP
        of_model["tiers"] = tuple(
            Tier(up_to, None if is_fee_only else unit_price, flat_fee)
            for up_to, unit_price, flat_fee in row["tiers"]
        )
    return PriceInForce(
        id=row["price_id"],
        is_agreed=row["account_id"] is not None,
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        model=row["model"],
        terms=price_terms(row["model"], of_model, **{name: row[name] for name in _OF_ALL}),
    )
