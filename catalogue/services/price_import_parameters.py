"""What the statements that check a price file have to be told."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from catalogue.domain.periods import local_date
from catalogue.models import Company, PriceImport
from catalogue.selectors.exchange_rates import NoExchangeRate, exchange_rate_on
from catalogue.services.price_import_headings import Heading
from catalogue.services.price_import_words import (
    instant_for,
    parse_effective,
    read_instants,
    valid_unit_factors,
)


def parameters_of(price_import: PriceImport, heading: Heading) -> dict[str, Any]:
    """Return the parameters of every `price_import_*` statement of a check, by name."""
    company = price_import.company
    head_office = company.parent or company
    own = [company, *company.sales_offices.all()]
    effective = parse_effective(price_import.effective)
    is_wide = heading.layout == PriceImport.Layout.WIDE
    books = [book.company for book in heading.books] if is_wide else own
    return {
        "price_import": price_import.pk,
        "own_code": company.code,
        "sales_office": company.code if company.parent else None,
        "codes": [book.code for book in own],
        "numbers": [book.number for book in heading.books],
        "currencies": [book.currency for book in heading.books],
        "companies": [book.pk for book in books],
        "starts": [instant_for(effective, book) for book in books],
        "amount_names": [column.written for column in heading.amounts] if is_wide else [],
        "costs": [column.name.startswith("cost_") for column in heading.amounts],
        "head_office": head_office.pk,
        "effective": instant_for(effective, head_office),
        "jump_percent": price_import.jump_percent,
        "unit_factor_words": valid_unit_factors(price_import),
        **_instants("from", price_import, [head_office, *own]),
        **_instants("to", price_import, [head_office, *own]),
        **_cost(head_office, _day(effective, head_office), {book.currency_id for book in own}),
    }


def _instants(prefix: str, price_import: PriceImport, companies: list[Company]) -> dict[str, Any]:
    instants = read_instants(price_import, f"valid_{prefix}", companies)
    return {
        f"{prefix}_words": instants.words,
        f"{prefix}_companies": instants.companies,
        f"{prefix}_instants": instants.instants,
    }


def _day(effective: date | datetime, company: Company) -> date:
    if isinstance(effective, datetime):
        return local_date(effective, ZoneInfo(company.timezone))
    return effective


def _cost(head_office: Company, on: date, currencies: set[str]) -> dict[str, Any]:
    """What the head office's currency is worth in others that day; without a rate cost is not compared."""
    rates = {}
    for currency in currencies:
        try:
            rates[currency] = exchange_rate_on(head_office.currency_id, currency, on).rate
        except NoExchangeRate:
            continue
    return {
        "cost_company": head_office.pk,
        "cost_currency": head_office.currency_id,
        "rate_currencies": list(rates),
        "rate_numerators": [rate.numerator for rate in rates.values()],
        "rate_denominators": [rate.denominator for rate in rates.values()],
    }
