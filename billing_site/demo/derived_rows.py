"""What the demo adds to the customer's data: rows in, rows out, no files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing_site.demo.dealing import run_sku, size_sku
from catalogue.domain.rounding import round_money, round_unit_price

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A product of the demo, and the row of the price list that prices it: `model` less `less`, divided."""

    sku: str
    name: str
    family: str
    unit: str
    kind: str
    model: str
    basis: str
    unit_factors: str = ""
    less: str = ""
    divided_by: int = 1


_MACHINE, _METERS = "Machines made to measure", "Meters"
_DISK_OPERATIONS = "IC-azurerm_managed_disk-Disk-operations-10k-operations"
HOURS_A_MONTH = 730
PARTS = (
    Part("VCPU", "Virtual CPU", _MACHINE, "vCPU-hour", "time", "OCI-B93311", "demo: an OCPU of OCI-B93311"),
    Part("RAM-GIB", "Memory", _MACHINE, "GiB-hour", "time", "OCI-B95438", "demo: a GB of OCI-B95438"),
    Part(
        *("DISK-GIB", "Disk", _MACHINE, "GiB-hour", "time", "OCI-B91961"),
        "demo: a GB and month of OCI-B91961 / 730 hours",
        divided_by=HOURS_A_MONTH,
    ),
    Part(
        *("LICENCE", "Database licence", _MACHINE, "hour", "time", "AWS17-us-east-1-m4.large-mswinSQLWeb"),
        "demo: AWS17-us-east-1-m4.large-mswinSQLWeb less the same machine without the database",
        less="AWS17-us-east-1-m4.large-mswin",
    ),
    Part(
        *("cpu", "CPU time used", _METERS, "vCPU-hour", "usage"),
        *("IC-aws_docdb_cluster_instance-CPU-credits-vCPU-hours", "demo: its vCPU-hour", "second=1/3600"),
    ),
    Part(
        *("ram", "Memory used", _METERS, "GiB-hour", "usage", "OCI-B95438", "demo: a GB of OCI-B95438"),
        "MiB-hour=1/1024",
    ),
    Part(
        *("net.in", "Data received", _METERS, "GB", "usage", "IC-azurerm_firewall-Data-processed-GB"),
        *("demo: its GB", "MB=1/1000"),
    ),
    Part(
        *("net.out", "Data sent", _METERS, "GB", "usage"),
        *("IC-azurerm_virtual_network_peering-Outbound-data-transfer-GB", "demo: its GB", "MB=1/1000"),
    ),
    Part(
        *("disk.read", "Disk reads", _METERS, "10k operations", "usage", _DISK_OPERATIONS),
        *("demo: its 10k operations", "operation=1/10000"),
    ),
    Part(
        *("disk.write", "Disk writes", _METERS, "10k operations", "usage", _DISK_OPERATIONS),
        *("demo: its 10k operations", "operation=1/10000"),
    ),
)

TAXED_ON = date(2023, 9, 30)
RATES_FROM, RATES_TO = "2022-12-30", "2023-12-31"
# The ECB publishes no rate for these two; units a dollar, by hand, for the whole demo.
DEMO_RATES = {"AED": "3.6725", "KWD": "0.30871186"}
# The tax package lists 5 % for Kuwait, which has not introduced it; the shared table's note says to use 0.
TAX_NOT_IN_FORCE = {"KW"}
TAX_NAMES = {"vat": "VAT", "gst": "GST", "none": ""}
# The VMs run in a region that the price list lacks: it gets the two sizes they need, as eastus sells them.
MISSING_REGION, MISSING_REGION_NAME = "westus2", "US West 2"
MODEL_REGION = "eastus"
MISSING_SIZES = ("Standard_B8ms", "Standard_D8s_v5")

# The list lacks what is no cloud resource: it is sold at so many times the cost and prices of a model size.
MODEL_SKU = "AZ-eastus-Standard_B2s"
PRICE, PLACES = "price_", {"JPY": 0, "KWD": 3}
# SKU: name, family, unit, kind, cost in dollars.
ORDERED = {
    "SUPPORT-BUSINESS": ("Support plan Business", "Services/Support", "month", "recurring", "60.00"),
    "SERVER-DEDICATED": ("Dedicated server, 16 cores", "Hardware/Servers", "month", "recurring", "95.00"),
    "DOMAIN-COM": ("Domain name .com", "Services/Domains", "year", "recurring", "9.50"),
    "SETUP": ("Set-up of a project", "Services/Set-up", "each", "one_time", "120.00"),
}
# What the first customer of each office ordered: name of the order, SKU, quantity, first day.
ORDERS = (
    ("support", "SUPPORT-BUSINESS", "1", "2023-09-11"),
    ("server", "SERVER-DEDICATED", "2", "2023-09-16"),
    ("domain", "DOMAIN-COM", "1", "2023-09-05"),
    ("setup", "SETUP", "1", "2023-09-05"),
)


def ordered_products(products: Iterable[Row]) -> list[Row]:
    """One row per product that is ordered beside resources, in the columns of the list."""
    model = next(row for row in products if row["sku"] == MODEL_SKU)
    currencies = [column.removeprefix(PRICE) for column in model if column.startswith(PRICE)]
    rows = []
    for sku, (name, family, unit, kind, cost) in ORDERED.items():
        times = Fraction(cost) / Fraction(model["cost_usd"])
        prices = {
            code: round_money(Fraction(model[PRICE + code]) * times, PLACES.get(code, 2))
            for code in currencies
        }
        rows.append(
            model
            | {
                "sku": sku,
                "name": name,
                "family": family,
                "category": family.split("/")[0],
                "provider": "",
                "region": "",
                "unit": unit,
                "charge_type": "",
                "cost_usd": cost,
                "cost_basis": f"demo: {cost} dollars, marked up and converted like {MODEL_SKU}",
                **{PRICE + code: f"{price:f}" for code, price in prices.items()},
                "kind": kind,
            }
        )
    return rows


def order_rows(accounts: Iterable[Row]) -> list[Row]:
    """One row per order of the first customer of each office."""
    first: dict[str, str] = {}
    for row in accounts:
        first.setdefault(row["company"], row["code"])
    return [
        {
            "account": account,
            "code": f"{account}-{name}",
            "sku": sku,
            "quantity": quantity,
            "started_on": started_on,
        }
        for account in first.values()
        for name, sku, quantity, started_on in ORDERS
    ]


def westus2_products(products: Iterable[Row]) -> list[Row]:
    """One row per size that the six VMs use in the region the list lacks, at the eastus cost and prices."""
    by_sku = {row["sku"]: row for row in products}
    return [
        by_sku[f"AZ-{MODEL_REGION}-{size}"]
        | {
            "sku": f"AZ-{MISSING_REGION}-{size}",
            "name": f"Azure {size}, {MISSING_REGION_NAME}",
            "region": MISSING_REGION,
            "cost_basis": f"demo: cost and prices of AZ-{MODEL_REGION}-{size}",
        }
        for size in MISSING_SIZES
    ]


def run_products(products: Iterable[Row], runs: Iterable[Row], regions: Sequence[str]) -> list[Row]:
    """One row per region and VM size of a run: the size's row, sold as usage that comes in seconds."""
    by_sku = {row["sku"]: row for row in products}
    sizes = sorted({(row["product_sku"], row["region"]) for row in runs})
    skus = [size_sku(sku, from_region=home, to_region=region) for region in regions for sku, home in sizes]
    return [
        by_sku[sku]
        | {
            "sku": run_sku(sku),
            "name": f"{by_sku[sku]['name']} - runs",
            "cost_basis": f"demo: cost and prices of {sku}",
            "kind": "usage",
            "unit_factors": "second=1/3600",
        }
        for sku in dict.fromkeys(skus)
    ]


def part_products(products: Iterable[Row]) -> list[Row]:
    """One row per part that a resource is made of, and per meter: real components of public price lists."""
    by_sku = {row["sku"]: row for row in products}
    return [
        by_sku[part.model]
        | {
            "sku": part.sku,
            "name": part.name,
            "family": part.family,
            "category": part.family,
            "region": "global",
            "unit": part.unit,
            "cost_basis": part.basis,
            "kind": part.kind,
            "unit_factors": part.unit_factors,
            **_prices(by_sku, part),
        }
        for part in PARTS
    ]


def _prices(by_sku: dict[str, Row], part: Part) -> Row:
    """The model's amounts, less those of another row, for a share of its unit; 12 decimals at most."""
    amounts = {}
    for column, text in by_sku[part.model].items():
        if column.startswith(("cost_usd", "price_")):
            less = Decimal(by_sku[part.less][column]) if part.less else Decimal(0)
            amount = Fraction(Decimal(text) - less) / part.divided_by
            amounts[column] = format(round_unit_price(amount).normalize(), "f")
    return amounts


def country_rows(
    countries: Iterable[Row],
    companies: Iterable[Row],
    standard_rates: Iterable[Row],
    rate_history: Iterable[Row],
) -> list[Row]:
    """One row per country, with the sales office's company code and the sales tax in force on TAXED_ON."""
    office = {row["country"]: row["code"] for row in companies if row["parent"]}
    standard = {row["country"]: row for row in standard_rates}
    history = {
        row["country"]: row["rate"]
        for row in rate_history
        if row["valid_from"] <= TAXED_ON.isoformat() < (row["valid_to_exclusive"] or "9999")
    }
    rows = []
    for row in countries:
        code = row["country"]
        rate = Decimal(history.get(code, standard[code]["standard_rate_sales_tax_npm"]))
        taxed = code not in TAX_NOT_IN_FORCE and rate > 0
        tax = {
            "company": office[code],
            "tax_name": TAX_NAMES[standard[code]["tax_type"]] if taxed else "",
            "tax_percent": f"{(rate * 100).normalize():f}" if taxed else "0",
        }
        rows.append(row | tax)
    return rows


def rate_rows(ecb: Iterable[Row]) -> list[Row]:
    """One row per pair and day: what one euro buys by the ECB, and what one dollar buys of the demo's two."""
    demo = [_rate("2023-01-01", "USD", quote, rate, "demo") for quote, rate in DEMO_RATES.items()]
    published = [
        _rate(row["date"], "EUR", pair.removeprefix("EUR"), rate, "ECB")
        for row in ecb
        if RATES_FROM <= row["date"] <= RATES_TO
        for pair, rate in row.items()
        if pair != "date"
    ]
    return sorted(published + demo, key=lambda row: (row["date"], row["base"], row["quote"]))


def _rate(day: str, base: str, quote: str, rate: str, source: str) -> Row:
    return {"date": day, "base": base, "quote": quote, "rate": rate, "source": source}
