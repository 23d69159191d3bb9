"""60,000 real runs on real machines, as usage of accounts, against the exact sums of their file."""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.domain.price_models import PerUnit
from catalogue.domain.rounding import round_to
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, Product, UnitFactor
from catalogue.services.accounts import open_account
from catalogue.services.prices import enter_price
from metering.adapters.csv_events import read_lines
from metering.models import Charge, EventException
from metering.services.event_files import ingest_lines
from metering.services.ingestion import Sender
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.data.derive import DATA

pytestmark = pytest.mark.django_db
LATER = datetime(2024, 2, 1, tzinfo=UTC)


def runs() -> Iterator[dict[str, str]]:
    with gzip.open(DATA / "vm_runs.csv.gz", "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def as_csv_events() -> Iterator[bytes]:
    yield b"type,source,id,time,account,sku,quantity,unit\n"
    for run in runs():
        row = (run["event_id"], run["start"], run["account"], f"{run['product_sku']}-RUN", run["quantity"])
        yield f"usage,runs,{','.join(row)},{run['unit']}\n".encode()


def test_every_account_and_month_costs_what_its_runs_cost():
    company = Company.objects.create(
        code="hq", name="hq", country="US", currency_id="USD", number_prefix="HQ", timezone="UTC"
    )
    prices = {(run["product_sku"], run["unit_price"]) for run in runs()}
    for code in {run["account"] for run in runs()}:
        open_account(code=code, company=company)
    for sku, unit_price in prices:
        product = Product.objects.create(sku=f"{sku}-RUN", unit="hour", kind="usage")
        UnitFactor.objects.create(product=product, unit="second", numerator=1, denominator=3600)
        enter_price(
            company=company,
            product=product,
            currency=company.currency,
            terms=PriceTerms(PerUnit(Decimal(unit_price))),
            valid_from=datetime(2023, 1, 1, tzinfo=UTC),
            entered_at=LATER,
        )
    batches = list(
        ingest_lines(
            read_lines(as_csv_events()),
            sender=Sender(company.pk, company.pk),
            channel="test",
            now=lambda: LATER,
        )
    )
    assert [batch.counts for batch in batches] == [{"accepted": 10_000}] * 6
    mediate_waiting(now=LATER)
    rate_stale_periods(as_of=LATER)

    assert not EventException.objects.exists()
    accounts = dict(Account.objects.values_list("pk", "code"))
    skus = dict(Product.objects.values_list("pk", "sku"))
    charged = {
        (accounts[charge.account_id], skus[charge.product_id], f"{charge.month:%Y-%m}"): (
            charge.quantity,
            charge.amount,
            charge.net_amount,
        )
        for charge in Charge.objects.all()
    }
    with (DATA / "vm_runs_expected_monthly.csv").open(encoding="utf-8", newline="") as text:
        expected = {
            (row["account"], f"{row['product_sku']}-RUN", row["month_of_start_utc"]): (
                _hours(Decimal(row["seconds"])),
                Decimal(row["cost_exact_12dp"]),
                Decimal(row["cost_rounded_once_2dp"]),
            )
            for row in csv.DictReader(text)
        }
    assert charged == expected


def _hours(seconds: Decimal) -> Decimal:
    return round_to(Fraction(seconds) / 3600, 12)
