"""A sales office and its head office, each with a price book, and questions to them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client

from catalogue.domain.price_models import Graduated, Percentage, PerUnit, Tier
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, ExchangeRate, Price, Product, Scope
from catalogue.services.accounts import open_account
from catalogue.services.api_keys import create_api_key
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from catalogue.services.tax_rates import enter_tax_rate
from tests.factories.invoices import currency

SINCE = datetime(2023, 1, 1, tzinfo=UTC)
START = "2026-03-01T00:00:00+01:00"
TIERS = Graduated((Tier(Decimal(1000), Decimal("0.05")), Tier(None, Decimal("0.04"))))
ITEMS = [
    {"sku": "VM", "quantity": "2", "hours": "730.5", "start": START},
    {"sku": "REQ", "units": "250", "records": 3, "start": START},
]


def enter(company: Company, sku: str, terms: Any, **fields: Any) -> Price:
    terms = PriceTerms(terms) if isinstance(terms, PerUnit | Graduated | Percentage) else terms
    return enter_price(
        company=company,
        product=Product.objects.get(sku=sku),
        currency=company.currency,
        terms=terms,
        valid_from=SINCE,
        entered_at=SINCE,
        **fields,
    )


def sales_office() -> Company:
    """A sales office in euros below a head office in dollars, with prices, an account, taxes, a rate."""
    for code in ("EUR", "USD"):
        currency(code, 2)
    head_office = open_company(code="HQ", name="Head", country="US", currency="USD", timezone="UTC")
    office = open_company(
        code="DE", name="Office", country="DE", currency="EUR", timezone="Europe/Berlin", parent=head_office
    )
    open_account(code="ACME", company=office)
    Product.objects.create(sku="VM", name="Machine", family="Compute", unit="hour", kind="time")
    Product.objects.create(sku="REQ", unit="request", kind="usage", tax_category="reduced")
    enter(office, "VM", TIERS)
    enter(office, "REQ", PriceTerms(Percentage(Decimal("2.5"), Decimal("0.10")), minimum=Decimal(10)))
    enter(head_office, "VM", PerUnit(Decimal("0.02")))
    enter(head_office, "REQ", PerUnit(Decimal("0.01")))
    enter_tax_rate(country="DE", percent=Decimal(19), valid_from=date(2021, 1, 1), name="VAT")
    enter_tax_rate(
        country="DE", percent=Decimal(7), valid_from=date(2021, 1, 1), name="VAT", category="reduced"
    )
    ExchangeRate.objects.create(
        base_id="EUR", quote_id="USD", rated_on=date(2026, 3, 31), rate=Decimal("1.0845"), source="ECB"
    )
    return office


def key(company: Company, *scopes: str, account: Account | None = None) -> str:
    given = scopes or (Scope.CATALOGUE_READ, Scope.COST_READ)
    return create_api_key(name="key", company=company, account=account, scopes=given)[1]


def ask(client: Client, items: Any = ITEMS, **body: Any) -> Any:
    if "country" not in body:
        body = {"account": "ACME"} | body
    body = {name: value for name, value in (body | {"items": items}).items() if value is not None}
    return client.post("/api/v1/quotes", body, content_type="application/json")


def problems(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
