"""A head office with twelve sales offices, and price files as people upload them."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from catalogue.models import Company, Currency, Price, PriceImport, Product, User
from catalogue.services.price_import import import_prices

PRICE_LISTS = Path(__file__).parents[1] / "catalogue" / "data" / "price_lists"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
NEW_YEAR = date(2026, 1, 1)
WIDE = "sku,name,unit,charge_type,cost_usd,price_USD,price_EUR"
LONG = "company,sku,currency,model,unit_price,valid_from"


def company(
    code: str, currency: str = "EUR", *, parent: Company | None = None, timezone: str = "UTC"
) -> Company:
    return Company.objects.create(
        code=code,
        name=code,
        country="DE",
        currency_id=currency,
        timezone=timezone,
        parent=parent,
        number_prefix=code,
    )


def head_office() -> Company:
    """HQ in dollars, with the sales offices US (dollars) and DE (euros, in Berlin)."""
    found = company("HQ", "USD")
    company("US", "USD", parent=found)
    company("DE", "EUR", parent=found, timezone="Europe/Berlin")
    return found


def twelve_countries() -> Company:
    """HQ with a sales office for each line of countries_12.csv."""
    found = company("HQ", "USD")
    with (PRICE_LISTS / "countries_12.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            company(row["country"], row["currency"], parent=found)
    return found


def product(sku: str = "VM") -> Product:
    return Product.objects.create(sku=sku, unit="hour", kind="time")


def price(of: Company, sku: str = "VM", unit_price: str = "0.05", **columns: object) -> Price:
    columns = {"currency_id": of.currency_id, "valid_from": datetime(2025, 1, 1, tzinfo=UTC)} | columns
    found = Product.objects.filter(sku=sku).first() or product(sku)
    return Price.objects.create(company=of, product=found, unit_price=unit_price, **columns)


def person(username: str) -> User:
    return User.objects.create(username=username)


def upload(
    text: str | bytes,
    of: Company,
    *,
    effective: date | datetime = NEW_YEAR,
    at: datetime = NOW,
    by: User | None = None,
    dry_run: bool = False,
) -> PriceImport:
    """Import a file of this text as the command does."""
    content = text.encode() if isinstance(text, str) else text
    return import_prices(
        company=of,
        file=BytesIO(content),
        file_name="prices.csv",
        effective=effective,
        imported_by=by,
        imported_at=at,
        dry_run=dry_run,
    )


def upload_list(name: str, of: Company, effective: date = NEW_YEAR) -> PriceImport:
    return upload((PRICE_LISTS / name).read_bytes(), of, effective=effective)


def counts(price_import: PriceImport) -> tuple[int, int, int, int, int]:
    """Lines that are new, changed, unchanged, withdrawn; errors."""
    names = ("lines_new", "lines_changed", "lines_unchanged", "lines_withdrawn", "errors")
    return tuple(getattr(price_import, name) for name in names)


def findings(price_import: PriceImport, severity: str = "error") -> list[tuple[int | None, str, str]]:
    """Line, column and code, in the order of the lines."""
    found = price_import.findings.filter(severity=severity)
    return list(found.values_list("line", "column", "code"))


def sentences(price_import: PriceImport) -> list[str]:
    return [str(finding) for finding in price_import.findings.all()]


def euros() -> Currency:
    return Currency.objects.get(code="EUR")
