"""A head office with twelve sales offices, and wide price files for them, of any length."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from catalogue.models import Company
from catalogue.services.companies import open_company

EFFECTIVE = date(2026, 4, 1)
COUNTRIES = {
    "US": "USD",
    "DE": "EUR",
    "GB": "GBP",
    "CH": "CHF",
    "SE": "SEK",
    "PL": "PLN",
    "IN": "INR",
    "SG": "SGD",
    "JP": "JPY",
    "AU": "AUD",
    "AE": "AED",
    "KW": "KWD",
}
PRICES_A_LINE = 1 + len(COUNTRIES)
_TEXTS = ("sku", "name", "family", "category", "provider", "region", "unit", "charge_type", "cost_basis")


def open_house() -> Company:
    """Open a head office with a sales office in each of twelve countries and currencies."""
    head_office = open_company(code="HQ", name="Head office", country="US", currency="USD", timezone="UTC")
    for country, currency in COUNTRIES.items():
        open_company(
            code=country, name=country, country=country, currency=currency, timezone="UTC", parent=head_office
        )
    return head_office


def write_price_file(path: Path, products: int) -> None:
    """Write a file like products_300.csv: a line a product, its cost and a price in twelve currencies."""
    with path.open("w", encoding="utf-8") as file:
        prices = (f"price_{currency}" for currency in COUNTRIES.values())
        print(*_TEXTS, "cost_usd", *prices, sep=",", file=file)
        for number in range(products):
            region = f"region-{number % 57}"
            cost = Decimal(number % 9973 + 1).scaleb(-4)
            texts = (
                f"AZ-{region}-size-{number}",
                f'"Virtual machine of size {number}, {region}"',
                f"Compute/series {number % 40}",
                *("Virtual machine", "azure", region, "hour", "usage"),
                '"Retail pay-as-you-go, price list of 2026-04-01"',
            )
            sold = (cost * (120 + place) / 100 for place in range(len(COUNTRIES)))
            print(*texts, cost, *sold, sep=",", file=file)
