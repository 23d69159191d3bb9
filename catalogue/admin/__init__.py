"""The catalogue's pages in the console."""

from catalogue.admin import (
    accounts,
    companies,
    currencies,
    identity,
    imports,
    prices,
    products,
    promotions,
    tax_rates,
)

__all__ = [
    "accounts",
    "companies",
    "currencies",
    "identity",
    "imports",
    "prices",
    "products",
    "promotions",
    "tax_rates",
]
