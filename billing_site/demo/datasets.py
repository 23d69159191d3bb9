"""The demo's data as typed rows, read from the copies in `data/` (its SOURCE.md says whence they are)."""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).parent / "data"
PRODUCTS_CSV = DATA / "products.csv"
RUN_PRODUCTS_CSV = DATA / "products_run.csv"
PART_PRODUCTS_CSV = DATA / "products_parts.csv"
ORDERED_PRODUCTS_CSV = DATA / "products_ordered.csv"
ORDERS_CSV = DATA / "orders.csv"


@dataclass(frozen=True, slots=True)
class Company:
    """One row is a seller: the head office (parent "") or a sales office."""

    code: str
    parent: str
    name: str
    country: str
    currency: str
    timezone: str
    address: str
    tax_number: str


@dataclass(frozen=True, slots=True)
class Country:
    """One row is a country with its sales office, nearest Azure region and sales tax (percent in 2023-09)."""

    country: str
    name: str
    currency: str
    minor_units: int
    azure_region: str
    note: str
    company: str
    tax_name: str
    tax_percent: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """One row is a customer; `workload` is "runs" (gets dealt runs) or "vms" (owns some of the six VMs)."""

    code: str
    company: str
    name: str
    country: str
    currency: str
    timezone: str
    locale: str
    address: str
    tax_number: str
    email: str
    workload: str


@dataclass(frozen=True, slots=True)
class ExchangeRateRow:
    """One row is the rate of a day: 1 base = rate quote."""

    date: str
    base: str
    quote: str
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class VmEvent:
    """One row is an order event of one of the six VMs, as sent."""

    event_id: str
    time: str
    action: str
    resource: str
    account: str
    product_sku: str


@dataclass(frozen=True, slots=True)
class Run:
    """One row is a run of a benchmark on a VM; `quantity` is the text as sent, in `unit`."""

    event_id: str
    resource: str
    product_sku: str
    region: str
    start: str
    quantity: str
    unit: str


@dataclass(frozen=True, slots=True)
class Order:
    """One row is what an account ordered beside resources, from a day of 2023-09 on."""

    account: str
    code: str
    sku: str
    quantity: Decimal
    started_on: date


@dataclass(frozen=True, slots=True)
class ExpectedMonth:
    """One row is what a VM ran and cost the head office (USD, 6 decimals) in a UTC month (YYYY-MM)."""

    resource: str
    account: str
    product_sku: str
    month: str
    uptime_seconds: Decimal
    cost: Decimal


def companies() -> tuple[Company, ...]:
    """One row per company, the head office first."""
    return tuple(
        Company(**row | {"address": _address(row["address"])}) for row in csv_rows(DATA / "companies.csv")
    )


def countries() -> tuple[Country, ...]:
    """One row per country, in the order of the price list's currencies."""
    return tuple(
        Country(
            country=row["country"],
            name=row["name"],
            currency=row["currency"],
            minor_units=int(row["minor_units"]),
            azure_region=row["azure_region"],
            note=row["note"],
            company=row["company"],
            tax_name=row["tax_name"],
            tax_percent=Decimal(row["tax_percent"]),
        )
        for row in csv_rows(DATA / "countries.csv")
    )


def accounts() -> tuple[Account, ...]:
    """One row per account: two in each country for the runs, then the owners of the six VMs."""
    return tuple(
        Account(**row | {"address": _address(row["address"])}) for row in csv_rows(DATA / "accounts.csv")
    )


def exchange_rates() -> tuple[ExchangeRateRow, ...]:
    """One row per pair and day, by date."""
    return tuple(
        ExchangeRateRow(row["date"], row["base"], row["quote"], Decimal(row["rate"]), row["source"])
        for row in csv_rows(DATA / "exchange_rates.csv")
    )


def vm_events() -> tuple[VmEvent, ...]:
    """One row per order event of the six VMs, by time."""
    with gzip.open(DATA / "lifecycle_events.ndjson.gz", "rt", encoding="utf-8") as lines:
        return tuple(VmEvent(**json.loads(line)) for line in lines)


def runs() -> tuple[Run, ...]:
    """One row per run that started in 2023-09 (UTC), by start."""
    return tuple(
        Run(**{field: row[field] for field in Run.__slots__})
        for row in csv_rows(DATA / "runs_2023_09.csv.gz")
    )


def expected_months() -> tuple[ExpectedMonth, ...]:
    """One row per VM and UTC month in which it ran."""
    return tuple(
        ExpectedMonth(
            resource=row["resource"],
            account=row["account"],
            product_sku=row["product_sku"],
            month=row["month_utc"],
            uptime_seconds=Decimal(row["uptime_seconds"]),
            cost=Decimal(row["cost_per_second"]),
        )
        for row in csv_rows(DATA / "expected_monthly.csv")
    )


def orders() -> tuple[Order, ...]:
    """One row per order beside resources, by account."""
    return tuple(
        Order(
            account=row["account"],
            code=row["code"],
            sku=row["sku"],
            quantity=Decimal(row["quantity"]),
            started_on=date.fromisoformat(row["started_on"]),
        )
        for row in csv_rows(ORDERS_CSV)
    )


def ordered_prices() -> dict[tuple[str, str], Decimal]:
    """The price of each ordered product by SKU and currency: of a month, a year, or each."""
    return {
        (row["sku"], column.removeprefix("price_")): Decimal(price)
        for row in csv_rows(ORDERED_PRODUCTS_CSV)
        for column, price in row.items()
        if column.startswith("price_")
    }


def csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """One dict per row of a CSV file, which may be gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def _address(text: str) -> str:
    """A CSV cell holds an address on one line; " | " stands between its lines."""
    return text.replace(" | ", "\n")
