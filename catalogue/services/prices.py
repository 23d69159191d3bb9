"""Enter a price in a company's book, or as agreed with an account."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.domain.price_models import PRICE_MODELS, Graduated, Stairstep, Volume
from catalogue.domain.price_models.tiers import bands
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, Currency, Price, PriceTier, Product
from catalogue.signals import prices_changed


class CannotEnterPrice(BillingError):
    """A price that contradicts itself, or what it is for."""

    code = "cannot_enter_price"


def hold_books(company_ids: Iterable[int]) -> None:
    """Let nobody else write to these price books until the transaction ends."""
    books = Company.objects.select_for_update(no_key=True).filter(pk__in=set(company_ids)).order_by("pk")
    list(books.values_list("pk"))


@transaction.atomic
def enter_price(
    *,
    company: Company,
    product: Product,
    currency: Currency,
    terms: PriceTerms,
    valid_from: datetime,
    valid_to: datetime | None = None,
    account: Account | None = None,
    note: str = "",
    entered_at: datetime,
) -> Price:
    """Enter a price; one with the same company, product, currency, account and valid_from is superseded.

    Entering what stands already, with the same terms and end, returns it and changes nothing.
    Raises CannotEnterPrice.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise CannotEnterPrice(
            f"The price of {product.sku} must end after it starts, at {valid_from:%Y-%m-%d}."
        )
    if account is not None and account.company_id != company.pk:
        raise CannotEnterPrice(
            f"{account.code} is not an account of {company.code}: agree on the price in its company's book."
        )
    hold_books([company.pk])
    key = {"company": company, "product": product, "currency": currency, "account": account}
    standing = Price.objects.filter(**key, valid_from=valid_from, superseded_at=None)
    columns, tiers = _columns(terms), _tiers(terms)
    first = standing.first()
    if first is not None:
        if first.valid_to == valid_to and _says(first, columns, tiers):
            return first
        standing.update(superseded_at=entered_at)
    price = Price.objects.create(**key, valid_from=valid_from, valid_to=valid_to, note=note, **columns)
    PriceTier.objects.bulk_create(PriceTier(price=price, **tier) for tier in tiers)
    prices_changed.send(Price, company_id=company.pk, product_ids=[product.pk], valid_from=valid_from)
    return price


def _columns(terms: PriceTerms) -> dict[str, Any]:
    """The terms as columns of a price, those of its model under the names they have there."""
    names = {model_class: name for name, model_class in PRICE_MODELS.items()}
    own = {field.name: getattr(terms.model, field.name) for field in fields(terms.model)}
    own.pop("tiers", None)
    shared = {name: getattr(terms, name) for name in ("included", "cap", "minimum", "scope")}
    return {"model": names[type(terms.model)], **own, **shared}


def _tiers(terms: PriceTerms) -> list[dict[str, Any]]:
    """The tiers as rows, each with its lower bound."""
    if not isinstance(terms.model, Graduated | Volume | Stairstep):
        return []
    return [
        {
            "position": band.number,
            "lower": Decimal(0) if band.number == 1 else terms.model.tiers[band.number - 2].up_to,
            "up_to": band.tier.up_to,
            "unit_price": band.tier.unit_price or Decimal(0),
            "flat_fee": band.tier.flat_fee or Decimal(0),
        }
        for band in bands(terms.model.tiers)
    ]


def _says(price: Price, columns: dict[str, Any], tiers: list[dict[str, Any]]) -> bool:
    """Tell whether an entry has these terms."""
    names = ["position", "lower", "up_to", "unit_price", "flat_fee"]
    return (
        all(getattr(price, name) == value for name, value in columns.items())
        and list(price.tiers.values(*names)) == tiers
    )
