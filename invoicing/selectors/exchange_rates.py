"""The exchange rates that an invoice keeps."""

from datetime import date
from typing import Any

from catalogue.domain.rounding import round_unit_price, show
from catalogue.models import Account, Company
from catalogue.selectors.exchange_rates import Conversion, NoExchangeRate, exchange_rate_on


def exchange_rates_of(*, company: Company, on: date) -> dict[str, dict[str, Any]]:
    """Return what the currencies of a company's accounts were worth on a day, for the invoices of that day.

    By the invoice's currency, then by that of the seller and of the head office where it is another: the rate
    to 12 decimals, and the listed rates that it comes from with their dates. A pair that no rate connects is
    left out. A query for each currency and one for their list.
    """
    wanted = {company.currency_id, company.parent.currency_id if company.parent else company.currency_id}
    used = Account.objects.filter(company=company).order_by().values_list("currency_id", flat=True).distinct()
    return {base: _rates(base, wanted - {base}, on) for base in used}


def currencies_without_rate(*, company: Company, on: date) -> list[tuple[str, str]]:
    """Return the currencies of a company's accounts without a rate to the head office's, and that one."""
    head_office = company.parent or company
    used = Account.objects.filter(company=company).order_by().values_list("currency_id", flat=True).distinct()
    pairs = [(base, head_office.currency_id) for base in sorted(used)]
    return [pair for pair in pairs if _conversion(*pair, on) is None]


def _rates(base: str, quotes: set[str], on: date) -> dict[str, Any]:
    found = {quote: _conversion(base, quote, on) for quote in sorted(quotes)}
    return {quote: _written(conversion) for quote, conversion in found.items() if conversion}


def _conversion(base: str, quote: str, on: date) -> Conversion | None:
    try:
        return exchange_rate_on(base, quote, on)
    except NoExchangeRate:
        return None


def _written(conversion: Conversion) -> dict[str, Any]:
    legs = [
        {
            "base": leg.base_id,
            "quote": leg.quote_id,
            "rate": show(leg.rate, 12),
            "rated_on": leg.rated_on.isoformat(),
            "source": leg.source,
        }
        for leg in conversion.legs
    ]
    return {"rate": show(round_unit_price(conversion.rate), 12), "legs": legs}
