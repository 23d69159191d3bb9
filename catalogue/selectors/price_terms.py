"""The terms of price entries by id, superseded ones too: what priced a charge stays readable."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.domain.price_models import Tier
from catalogue.domain.terms import PriceTerms, price_terms
from catalogue.models import Price

_OF_MODELS = ("unit_price", "fee", "package_size", "package_price", "percent", "fixed_fee")
_TIERED = {Price.Model.GRADUATED, Price.Model.VOLUME, Price.Model.STAIRSTEP}


def prices_by_id(ids: Iterable[int]) -> dict[int, Price]:
    """Return the entries with these ids, each with its product, company and tiers; 2 queries."""
    entries = Price.objects.select_related("product", "company").prefetch_related("tiers")
    return entries.in_bulk(list(ids))


def terms_of(price: Price) -> PriceTerms:
    """Return what an entry says, ready to price a quantity; reads its tiers if they were not prefetched."""
    of_model: dict[str, object] = {name: getattr(price, name) for name in _OF_MODELS}
    if price.model in _TIERED:
        is_fee_only = price.model == Price.Model.STAIRSTEP
        of_model["tiers"] = tuple(
            Tier(tier.up_to, None if is_fee_only else tier.unit_price, tier.flat_fee)
            for tier in sorted(price.tiers.all(), key=lambda tier: tier.position)
        )
    return price_terms(
        price.model,
        of_model,
        included=price.included,
        cap=price.cap,
        minimum=price.minimum,
        scope="account" if price.scope == Price.Scope.ACCOUNT else "resource",
    )
