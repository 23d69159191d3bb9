"""Which price counts: the rule of the price format, entry by entry."""

from datetime import datetime

from django.db.models import Q

from catalogue.domain.price_models import Tier
from catalogue.domain.terms import PriceTerms, price_terms
from catalogue.models import Account, Company, Currency, Price, Product

_OF_MODELS = ("unit_price", "fee", "package_size", "package_price", "percent", "fixed_fee")
_TIERED = {Price.Model.GRADUATED, Price.Model.VOLUME, Price.Model.STAIRSTEP}


def price_at(
    *, company: Company, product: Product, currency: Currency, account: Account | None, instant: datetime
) -> Price | None:
    """Return the price in force at an instant, with its tiers, or None (two queries).

    Of the entries valid then the one with the latest `valid_from` counts, then the one entered last. One
    agreed with the account beats the book; without an account only the book is asked. Superseded entries do
    not count.
    """
    entries = Price.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=instant),
        Q(account=None) | Q(account=account),
        company=company,
        product=product,
        currency=currency,
        superseded_at=None,
        valid_from__lte=instant,
    )
    # The account's own sort before the book's, which have none.
    by_rank = entries.order_by("account_id", "-valid_from", "-pk")
    return by_rank.prefetch_related("tiers").first()


def terms_of(price: Price) -> PriceTerms:
    """Return the terms of an entry, ready to price a quantity (one query, none with its tiers prefetched)."""
    model_terms: dict[str, object] = {name: getattr(price, name) for name in _OF_MODELS}
    if price.model in _TIERED:
        is_fee_only = price.model == Price.Model.STAIRSTEP
        model_terms["tiers"] = tuple(
            Tier(tier.up_to, None if is_fee_only else tier.unit_price, tier.flat_fee)
            for tier in price.tiers.all()
        )
    return price_terms(
        price.model,
        model_terms,
        included=price.included,
        cap=price.cap,
        minimum=price.minimum,
        scope="account" if price.scope == Price.Scope.ACCOUNT else "resource",
    )
