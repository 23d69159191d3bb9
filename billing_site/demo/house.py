"""The demo's house: a head office, 12 sales offices, their customers, rates, taxes, prices and people."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from django.core.files import File

from billing_site.demo import datasets
from billing_site.demo.logins import ensure_logins
from catalogue.models import Account, Company, PriceImport, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.exchange_rates import import_exchange_rates
from catalogue.services.price_import import import_prices
from catalogue.services.tax_rates import enter_tax_rate
from metering.services.order_files import StoredOrders, import_orders

HEAD_OFFICE = "HQ"
PRICES_VALID_FROM = date(2023, 1, 1)
TAXES_VALID_FROM = date(2023, 1, 1)
_LOGO = Path(__file__).resolve().parents[2] / "static/portal/logo.svg"
_PAID_IN_ADVANCE = ("SUPPORT-BUSINESS", "DOMAIN-COM")
_PEGGED = ("AED", "KWD")


def open_house() -> Company:
    """Open companies, accounts and logins, enter taxes and exchange rates; return the head office."""
    for row in datasets.companies():
        open_company(
            code=row.code,
            name=row.name,
            country=row.country,
            currency=row.currency,
            timezone=row.timezone,
            parent=Company.objects.get(code=row.parent) if row.parent else None,
            address=row.address,
            tax_number=row.tax_number,
            logo=File(BytesIO(_LOGO.read_bytes()), name="meridian.svg"),
        )
    offices = {company.code: company for company in Company.objects.all()}
    for account in datasets.accounts():
        open_account(
            code=account.code,
            company=offices[account.company],
            name=account.name,
            currency=account.currency,
            country=account.country,
            timezone=account.timezone,
            locale=account.locale,
            address=account.address,
            email=account.email,
            tax_number=account.tax_number,
        )
    for country in datasets.countries():
        enter_tax_rate(
            country=country.country,
            name=country.tax_name,
            percent=country.tax_percent,
            valid_from=TAXES_VALID_FROM,
        )
    enter_exchange_rates()
    ensure_logins()
    return offices[HEAD_OFFICE]


def enter_exchange_rates() -> None:
    """Enter the ECB's rates, and for dirham and dinar the dollar's of the day times their fixed rate.

    A rate is never used the other way round, and the ECB has none for these two: so they are carried through
    its dollar, exactly, and marked "demo".
    """
    rates = datasets.exchange_rates()
    fixed = {row.quote: row.rate for row in rates if row.base == "USD" and row.quote in _PEGGED}
    lines = ["base,quote,date,rate,source"]
    for row in rates:
        if row.base == "EUR":
            lines.append(f"EUR,{row.quote},{row.date},{row.rate},{row.source}")
        if (row.base, row.quote) == ("EUR", "USD"):
            lines += [f"EUR,{code},{row.date},{row.rate * rate},demo" for code, rate in fixed.items()]
    import_exchange_rates(file=BytesIO("\n".join(lines).encode()))


def import_price_lists(head_office: Company, *, at: datetime) -> list[PriceImport]:
    """Import products, runs, parts and what is ordered, at cost and in 12 currencies; again: no change."""
    imports = []
    for path in (
        datasets.PRODUCTS_CSV,
        datasets.RUN_PRODUCTS_CSV,
        datasets.PART_PRODUCTS_CSV,
        datasets.ORDERED_PRODUCTS_CSV,
    ):
        with path.open("rb") as file:
            imports.append(
                import_prices(
                    company=head_office,
                    file=file,
                    file_name=path.name,
                    effective=PRICES_VALID_FROM,
                    imported_at=at,
                )
            )
    return imports


def import_order_base(*, at: datetime) -> StoredOrders:
    """Bring in what the first customer of each office ordered beside resources; again: nothing changes.

    Support and domains are paid in advance; a price list cannot say that.
    """
    Product.objects.filter(sku__in=_PAID_IN_ADVANCE).update(in_advance=True)
    with datasets.ORDERS_CSV.open("rb") as file:
        return import_orders(file=file, accounts=Account.objects.all(), now=at)
