"""How long a quote of 20 items takes, beside an empty answer of the same server to the same caller."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median

import httpx

from billing_site.bench.figures import Figure
from billing_site.bench.servers import measured_server
from billing_site.scenarios.databases import scenario_databases
from catalogue.models import Company, ExchangeRate, Price, PriceTier, Product, Scope
from catalogue.services.accounts import open_account
from catalogue.services.api_keys import create_api_key
from catalogue.services.companies import open_company
from catalogue.services.promotions import create_promotion
from catalogue.services.tax_rates import enter_tax_rate

ITEMS = 20
AT_MOST_TIMES = 5.0
_PRODUCTS = 1_000
_ROUNDS = 300
_WARM_UP = 30
_SINCE = datetime(2023, 1, 1, tzinfo=UTC)


def figures() -> list[Figure]:
    """Measure on a server of its own, over HTTP, against a throw-away database with 1,000 products.

    Both requests by turns, one at a time; medians. The one that may see cost is priced out of two books.
    """
    with scenario_databases() as databases, databases.copy(), measured_server() as base_url:
        keys = _set_up()
        with httpx.Client(base_url=base_url, trust_env=False, timeout=60) as client:
            return [
                _figure("quote of 20 items", client, keys["price"]),
                _figure("quote of 20 items with cost and margin", client, keys["cost"]),
            ]


def _figure(name: str, client: httpx.Client, key: str) -> Figure:
    headers = {"Authorization": f"Bearer {key}"}
    quote = {
        "account": "bench-1",
        "items": [
            {
                "sku": f"bench-{number * 37 % _PRODUCTS}",
                "quantity": "2",
                "hours": "730.5",
                "start": "2026-03-01T00:00:00Z",
            }
            for number in range(ITEMS)
        ],
    }
    seconds: dict[str, list[float]] = {"empty": [], "quotes": []}
    for number in range(_ROUNDS + _WARM_UP):
        for address, taken in seconds.items():
            began = time.perf_counter()
            answer = client.post(f"/api/v1/{address}", json=quote, headers=headers)
            ended = time.perf_counter()
            answer.raise_for_status()
            if number >= _WARM_UP:
                taken.append(ended - began)
    value, peer = (median(seconds[address]) * 1000 for address in ("quotes", "empty"))
    ratio = value / peer
    return Figure(name, value, "ms", peer, ratio, f"<= {AT_MOST_TIMES:g}", ratio <= AT_MOST_TIMES)


def _set_up() -> dict[str, str]:
    """Open a head office with a sales office in another currency, and price 1,000 products in both books.

    Pounds become dollars by way of the euro, as most pairs do.
    """
    head_office = open_company(code="HQ", name="Head office", country="US", currency="USD", timezone="UTC")
    office = open_company(
        code="GB",
        name="Sales office",
        country="GB",
        currency="GBP",
        timezone="Europe/London",
        parent=head_office,
    )
    account = open_account(code="bench-1", company=office)
    enter_tax_rate(country="GB", percent=Decimal(20), valid_from=date(2021, 1, 1))
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            base_id="EUR", quote_id=code, rated_on=date(2026, 3, 31), rate=Decimal(rate), source="bench"
        )
        for code, rate in {"GBP": "0.8421", "USD": "1.0845"}.items()
    )
    create_promotion(
        company=office, code="TEN", percent=Decimal(10), valid_from=date(2023, 1, 1), accounts=[account]
    )
    products = Product.objects.bulk_create(
        Product(sku=f"bench-{number}", unit="hour", kind="time", family="Compute")
        for number in range(_PRODUCTS)
    )
    for company in (head_office, office):
        _price(company, products)
    price, cost = [Scope.CATALOGUE_READ], [Scope.CATALOGUE_READ, Scope.COST_READ]
    return {
        "price": create_api_key(name="price", company=office, scopes=price)[1],
        "cost": create_api_key(name="cost", company=office, scopes=cost)[1],
    }


def _price(company: Company, products: list[Product]) -> None:
    """Enter two prices a product, of which the later one counts; every fifth has tiers."""
    prices = Price.objects.bulk_create(
        Price(
            company=company,
            product=product,
            currency=company.currency,
            valid_from=_SINCE.replace(year=year),
            model=Price.Model.PER_UNIT if product.pk % 5 else Price.Model.GRADUATED,
            unit_price=Decimal("0.0525") if product.pk % 5 else None,
        )
        for product in products
        for year in (2023, 2025)
    )
    ends = [None, Decimal(100), Decimal(500), None]
    PriceTier.objects.bulk_create(
        PriceTier(
            price=price,
            position=position,
            lower=ends[position - 1] or Decimal(0),
            up_to=ends[position],
            unit_price=Decimal("0.08") - Decimal("0.01") * position,
        )
        for price in prices
        if price.model == Price.Model.GRADUATED
        for position in (1, 2, 3)
    )
