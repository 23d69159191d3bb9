"""601 real rows of three providers' bills, from file to charge, against what the providers billed."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO

import pytest

from catalogue.models import Account, Company, Product, UnitSpelling
from catalogue.services.accounts import open_account
from catalogue.services.price_import import import_prices
from metering.adapters.files import READERS, Lines, read_file
from metering.adapters.focus import price_list, sku_of
from metering.models import Charge
from metering.services.event_files import ingest_lines
from metering.services.ingestion import Sender
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.data.derive import DATA

pytestmark = pytest.mark.django_db
FILE = DATA / "focus_real_raw.csv.gz"
LATER = datetime(2024, 11, 1, tzinfo=UTC)
CLOSE = Decimal("0.000001")


def rows():
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def is_named_exception(row):
    """The 16 of the data's SOURCE.md: a credit without price, and quantities in blocks of the unit."""
    try:
        by_list = Decimal(row["PricingQuantity"]) * Decimal(row["ListUnitPrice"])
    except InvalidOperation:
        return True
    return abs(by_list - Decimal(row["ListCost"])) > CLOSE


def test_charges_are_what_the_providers_billed():
    bill = rows()
    head_office = Company.objects.create(
        code="hq", name="hq", country="US", currency_id="USD", number_prefix="HQ", timezone="UTC"
    )
    for code in {row["SubAccountId"][:60] for row in bill}:
        open_account(code=code, company=head_office)
    _import_prices(head_office)
    with FILE.open("rb") as file:
        (outcome,) = ingest_lines(
            read_file(file, READERS["focus"]),
            sender=Sender(head_office.pk, head_office.pk),
            channel="test",
            now=lambda: LATER,
        )
    taken_back = [row for row in bill if row["PricingQuantity"].startswith("-")]
    assert outcome.counts == {"accepted": 593, "rejected": len(taken_back), "skipped": 1}
    mediate_waiting(now=LATER)
    rate_stale_periods(as_of=LATER)

    exceptions = [row for row in bill if is_named_exception(row)]
    assert len(exceptions) == 16
    expected = defaultdict(Decimal)
    for row in bill:
        if row in taken_back or row["ListUnitPrice"] == "NULL":
            continue
        quantity, cost = Decimal(row["PricingQuantity"]), Decimal(row["ListCost"])
        if row in exceptions:
            cost = quantity * Decimal(row["ListUnitPrice"])
        if quantity:
            expected[row["SubAccountId"][:60], sku_of(row), row["ChargePeriodStart"][:7]] += cost
    accounts = dict(Account.objects.values_list("pk", "code"))
    skus = dict(Product.objects.values_list("pk", "sku"))
    charged = {
        (accounts[charge.account_id], skus[charge.product_id], f"{charge.month:%Y-%m}"): charge.amount
        for charge in Charge.objects.all()
    }
    assert charged.keys() == expected.keys()
    far = {key: (charged[key], cost) for key, cost in expected.items() if abs(charged[key] - cost) > CLOSE}
    assert not far


def _import_prices(head_office):
    with FILE.open("rb") as file:
        products = list(price_list(Lines(file)))
    UnitSpelling.objects.bulk_create(
        [UnitSpelling(spelling=unit, unit=unit) for unit in {line["unit"] for line in products}],
        ignore_conflicts=True,
    )
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=list(products[0]))
    writer.writeheader()
    writer.writerows(products)
    done = import_prices(
        company=head_office,
        file=BytesIO(text.getvalue().encode()),
        file_name="focus.csv",
        effective=date(2024, 9, 1),
        imported_at=LATER,
    )
    assert done.state == "published", [str(finding) for finding in done.findings.all()[:5]]
