"""Prices: those above the timeline, and those that are entered in the middle of a story."""

from decimal import Decimal

from billing_site.scenarios.declarations import PriceEntry
from billing_site.scenarios.steps.jobs import run_jobs
from billing_site.scenarios.story import Story
from catalogue.domain.price_models import Tier
from catalogue.domain.terms import PriceTerms, price_terms
from catalogue.models import Currency, Product
from catalogue.services.prices import enter_price


def revise_prices(story: Story, entry: PriceEntry) -> None:
    """Enter a price at this point of the story."""
    enter_book_price(story, entry)
    run_jobs(story)


def enter_book_price(story: Story, entry: PriceEntry) -> None:
    scenario = story.scenario
    enter_price(
        company=story.company(entry.company),
        product=Product.objects.get(sku=entry.sku),
        currency=Currency.objects.get(pk=entry.currency),
        terms=_terms(entry),
        valid_from=scenario.at_company(entry.valid_from, entry.company),
        valid_to=scenario.at_company(entry.valid_to, entry.company) if entry.valid_to else None,
        account=story.account(entry.account) if entry.account else None,
        entered_at=story.now,
    )


def _terms(entry: PriceEntry) -> PriceTerms:
    of_model: dict[str, object] = {
        key: getattr(entry, key)
        for key in ("unit_price", "fee", "package_size", "package_price", "percent", "fixed_fee")
    }
    if entry.tiers is not None:
        of_model["tiers"] = tuple(Tier(tier.up_to, tier.unit_price, tier.flat_fee) for tier in entry.tiers)
    return price_terms(
        entry.model,
        of_model,
        included=entry.included or Decimal(0),
        cap=entry.cap,
        minimum=entry.minimum,
        scope=entry.scope,
    )
