"""Enter what stands above a timeline, as the console does: validated rows, and services where there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from billing_site.common.errors import BillingError
from billing_site.scenarios.declarations import CompanyEntry, ProductEntry, PromotionEntry
from billing_site.scenarios.steps.prices import enter_book_price
from billing_site.scenarios.story import Story
from catalogue.models import Company, Currency, ExchangeRate, Product, TaxRate
from catalogue.services.accounts import open_account
from catalogue.services.promotions import create_promotion

Row = TypeVar("Row", bound=Model)


class CannotEnter(BillingError):
    """A row that the console would refuse."""

    code = "cannot_enter"


def set_up(story: Story) -> None:
    """Enter companies, rates, accounts, products, prices and promotions, in this order."""
    scenario = story.scenario
    with _at(story, "companies"):
        for company in sorted(scenario.companies, key=lambda company: bool(company.parent)):
            _enter(_company(story, company))
    with _at(story, "exchange_rates"):
        for rate in scenario.exchange_rates:
            _enter(
                ExchangeRate(
                    base_id=rate.base,
                    quote_id=rate.quote,
                    rated_on=rate.date,
                    rate=rate.rate,
                    source="scenario",
                )
            )
    with _at(story, "tax_rates"):
        for tax in scenario.tax_rates:
            _enter(
                TaxRate(
                    country=tax.country,
                    category=tax.category,
                    name=tax.name,
                    percent=tax.percent,
                    valid_from=tax.valid_from,
                )
            )
    with _at(story, "accounts"):
        _open_accounts(story)
    with _at(story, "products"):
        for product in scenario.products:
            _enter(_product(product))
    with _at(story, "prices"):
        for price in scenario.prices:
            enter_book_price(story, price)
    with _at(story, "promotions"):
        for promotion in scenario.promotions:
            _create_promotion(story, promotion)


def _company(story: Story, entry: CompanyEntry) -> Company:
    return Company(
        code=entry.code,
        name=entry.code,
        country=entry.country,
        currency_id=entry.currency,
        timezone=entry.timezone.key,
        parent=story.company(entry.parent) if entry.parent else None,
        tax_rounding=entry.tax_rounding,
        number_prefix=entry.number_prefix or entry.code,
    )


def _open_accounts(story: Story) -> None:
    for entry in story.scenario.accounts:
        open_account(
            code=entry.code,
            company=story.company(entry.company),
            currency=entry.currency or "",
            country=entry.country or "",
            timezone=entry.timezone.key if entry.timezone else "",
            tax_number=entry.tax_number,
            late_usage=entry.late_usage,
        )


def _product(entry: ProductEntry) -> Product:
    product = Product(
        sku=entry.sku,
        name=entry.sku,
        family=entry.family,
        unit=entry.unit,
        kind=entry.kind,
        tax_category=entry.tax_category,
    )
    for field in set().union(*ProductEntry.OF_KIND.values()):
        if (value := getattr(entry, field)) is not None:
            setattr(product, field, value)
    if entry.kind == "recurring" and not product.cycle:
        product.cycle = Product.Cycle.MONTHLY
    return product


def _create_promotion(story: Story, entry: PromotionEntry) -> None:
    create_promotion(
        company=story.company(entry.company),
        code=entry.code,
        percent=entry.percent,
        amount=entry.amount,
        currency=Currency.objects.get(pk=entry.currency) if entry.currency else None,
        products=Product.objects.filter(sku__in=entry.skus or ()),
        accounts=[story.account(code) for code in entry.accounts],
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        max_redemptions=entry.max_redemptions,
    )


def _enter(row: Row) -> Row:
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise CannotEnter(f"{row}: {'; '.join(refusal.messages)}") from refusal
    row.save()
    return row


@contextmanager
def _at(story: Story, key: str) -> Iterator[None]:
    story.where = key
    yield
    story.where = ""
