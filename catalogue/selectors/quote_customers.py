"""Who is quoted, and out of whose price books."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from catalogue.domain.money import Currency
from catalogue.domain.rounding import RoundingMode
from catalogue.models import Company
from catalogue.models import Currency as CurrencyRow
from catalogue.selectors.quote_requests import CannotQuote, Flaw
from catalogue.selectors.reach import Caller, may_see_cost
from catalogue.selectors.visible import visible_accounts, visible_companies

_OF_COMPANIES = (
    *("pk", "code", "tax_rounding", "parent_id", "parent__code"),
    *("parent__currency_id", "parent__currency__minor_units"),
)


@dataclass(frozen=True, slots=True)
class Book:
    """A company's price book in one currency."""

    company_id: int
    company: str
    currency: Currency


@dataclass(frozen=True, slots=True)
class Customer:
    """An account, or whoever buys from a company in a currency and is taxed in a country."""

    book: Book
    head_office: Book | None
    tax_rounding: RoundingMode
    country: str
    timezone: str
    account_id: int | None = None
    account: str | None = None


def customer_of_account(caller: Caller, code: str) -> Customer:
    """Return an account that the caller may see (two queries). Raises CannotQuote."""
    columns = ("pk", "country", "timezone", "currency_id", "currency__minor_units")
    rows = visible_accounts(caller).filter(code=code).order_by()
    row = rows.values(*columns, *(f"company__{column}" for column in _OF_COMPANIES)).first()
    if row is None:
        raise CannotQuote([Flaw(None, "account", f"There is no account {code}, or none that you may see.")])
    company = {column: row[f"company__{column}"] for column in _OF_COMPANIES}
    currency = Currency(row["currency_id"], row["currency__minor_units"])
    return _customer(company, currency, row["country"], row["timezone"], row["pk"], code)


def customer_of_country(caller: Caller, *, country: str, currency: str, company: str = "") -> Customer:
    """Return someone without an account who buys from a company, or from the only one that fits.

    What a head office asks of anyone is what its sales offices pay: it quotes strangers only to those who may
    see cost. Three queries. Raises CannotQuote.
    """
    known = CurrencyRow.objects.filter(code=currency).first()
    if known is None:
        raise CannotQuote([Flaw(None, "currency", f"The currency {currency} is not in the catalogue.")])
    companies = visible_companies(caller)
    if not may_see_cost(caller):
        companies = companies.filter(sales_offices=None)
    row = _seller(companies, country, currency, company)
    return _customer(row, Currency(known.code, known.minor_units), country, row["timezone"])


def _seller(companies: QuerySet[Company], country: str, currency: str, code: str) -> dict[str, Any]:
    named = {"code": code} if code else {"country": country, "currency": currency}
    rows = companies.filter(**named).values("timezone", *_OF_COMPANIES)[:2]
    if len(rows) == 1:
        return dict(rows[0])
    if code:
        sentence = f"There is no company {code}, or none that you may see."
    elif rows:
        sentence = f"Several companies of {country} sell in {currency}: name one."
    else:
        sentence = f"No company of {country} sells in {currency}: name the one that shall."
    raise CannotQuote([Flaw(None, "company", sentence)])


def _customer(
    company: dict[str, Any],
    currency: Currency,
    country: str,
    timezone: str,
    account_id: int | None = None,
    account: str | None = None,
) -> Customer:
    head_office = None
    if company["parent_id"] is not None:
        paid_in = Currency(company["parent__currency_id"], company["parent__currency__minor_units"])
        head_office = Book(company["parent_id"], company["parent__code"], paid_in)
    return Customer(
        book=Book(company["pk"], company["code"], currency),
        head_office=head_office,
        tax_rounding="down" if company["tax_rounding"] == Company.TaxRounding.DOWN else "half_up",
        country=country,
        timezone=timezone,
        account_id=account_id,
        account=account,
    )
