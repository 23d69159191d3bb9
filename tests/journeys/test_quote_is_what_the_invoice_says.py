"""What was quoted for a quantity stands on the invoice for that quantity, whatever the price model."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest

from catalogue.domain.price_models import (
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    PriceModel,
    Stairstep,
    Tier,
    Volume,
)
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Product
from invoicing.models import Invoice, InvoiceLine
from invoicing.services.bill_runs import run_bill_run
from metering.models import Charge
from metering.services.ingestion import Sender, ingest_cloud_events
from tests.factories.houses import client_of
from tests.factories.quotes import ask, enter, key, sales_office

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CUTOFF = datetime(2026, 4, 2, 12, tzinfo=UTC)


def tiers(*bounds_and_prices: tuple[str | None, str | None, str | None]) -> tuple[Tier, ...]:
    return tuple(
        Tier(*(None if text is None else Decimal(text) for text in tier)) for tier in bounds_and_prices
    )


@dataclass(frozen=True)
class Case:
    """One resource: its price, and what it used: hours of a size, or usage records."""

    name: str
    model: PriceModel
    quantity: str = "1"
    hours: str = ""
    records: tuple[str, ...] = ()
    included: str = "0"
    cap: str | None = None
    minimum: str | None = None
    scope: Literal["resource", "account"] = "resource"
    tax_category: str = "standard"
    resources: int = 1

    @property
    def terms(self) -> PriceTerms:
        bounds = {
            name: None if value is None else Decimal(value)
            for name, value in {"cap": self.cap, "minimum": self.minimum}.items()
        }
        return PriceTerms(self.model, Decimal(self.included), **bounds, scope=self.scope)

    @property
    def item(self) -> dict[str, object]:
        item: dict[str, object] = {"sku": self.name, "start": START.isoformat()}
        if self.hours:
            return item | {"quantity": self.quantity, "hours": self.hours}
        total = sum(map(Decimal, self.records))
        return item | {"units": str(total), "records": len(self.records)}


CASES = [
    Case("per-unit", PerUnit(Decimal("0.0237")), "3", "17.3"),
    Case("per-unit-tiny", PerUnit(Decimal("0.000000000001")), records=("1", "2.5")),
    Case("third-of-a-cent", PerUnit(Decimal("0.015")), hours="0.333"),
    Case("flat", Flat(Decimal("19.99")), hours="2"),
    Case(
        "graduated",
        Graduated(tiers(("10", "0.105", None), ("50", "0.0825", "1.5"), (None, "0.07", "2"))),
        records=("33.3", "27.95"),
        included="5",
    ),
    Case("graduated-at-the-border", Graduated(tiers(("10", "0.1", None), (None, "0.07", "2"))), hours="10"),
    Case("volume", Volume(tiers(("500", "0.08", None), (None, "0.05", None))), records=("500.5",)),
    Case("stairstep", Stairstep(tiers(("10", None, "50"), (None, None, "90"))), records=("4", "7")),
    Case("package", Package(Decimal(1000), Decimal("4.95")), records=("1500", "501"), tax_category="reduced"),
    Case("percentage", Percentage(Decimal("2.9"), Decimal("0.35")), records=("99.99", "12.34", "0.01")),
    Case("capped", PerUnit(Decimal("0.5")), "2", "100", cap="33.60"),
    Case("below-the-minimum", PerUnit(Decimal("0.01")), hours="37", minimum="25.00", tax_category="reduced"),
    Case("nothing-left", PerUnit(Decimal("0.01")), hours="5", included="10"),
    Case(
        "for-the-account",
        Graduated(tiers(("20", "0.1", None), (None, "0.03", None))),
        hours="13.5",
        scope="account",
        resources=3,
    ),
]


def events(case: Case) -> list[dict[str, object]]:
    told = []
    for number in range(case.resources):
        resource = f"{case.name}-{number}"
        items = [{"sku": case.name, "quantity": case.quantity}] if case.hours else []
        told.append(_event(resource, "resource.created", START, {"account": "ACME", "items": items}))
        if case.hours:
            end = START + timedelta(microseconds=int(Decimal(case.hours) * 3_600_000_000))
            told.append(_event(resource, "resource.decommissioned", end, {}))
        for place, quantity in enumerate(case.records, start=1):
            at = START + timedelta(hours=place)
            told.append(_event(resource, "usage.recorded", at, {"sku": case.name, "quantity": quantity}))
    return told


def _event(resource: str, kind: str, time: datetime, data: dict[str, object]) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"{resource} {kind} {time.isoformat()}",
        "source": "orders",
        "type": f"meridian.{kind}",
        "time": time.isoformat(),
        "subject": resource,
        "data": data,
    }


@pytest.fixture
def office() -> Company:
    """The account is in Berlin, the office sells every case's product, and buys it for a little less."""
    seller = sales_office()
    for case in CASES:
        kind = Product.Kind.TIME if case.hours else Product.Kind.USAGE
        Product.objects.create(sku=case.name, unit="unit", kind=kind, tax_category=case.tax_category)
        enter(seller, case.name, case.terms)
        assert seller.parent
        enter(seller.parent, case.name, PriceTerms(PerUnit(Decimal("0.0111")), minimum=Decimal("0.50")))
    return seller


def bill(office: Company) -> Invoice:
    body = json.dumps([event for case in CASES for event in events(case)]).encode()
    sender = Sender(company_id=office.pk, head_office_id=office.head_office_id)
    report = ingest_cloud_events(body, sender=sender, received_at=CUTOFF - timedelta(days=1), channel="api")
    assert set(report.counts) == {"accepted"}
    run_bill_run(company=office, month=MARCH, cutoff=CUTOFF, issued_on=date(2026, 4, 3))
    return Invoice.objects.get()


def test_every_line_every_tax_and_the_cost(office):
    items = [case.item for case in CASES for _ in range(case.resources)]
    quote = ask(client_of(key(office)), items, issued_on="2026-04-03").json()
    invoice = bill(office)

    quoted = [
        (line["sku"], line["kind"], _number(line["net_amount"]), _number(line["unit_price"]))
        for line in quote["lines"]
    ]
    billed = [
        (line.sku, line.kind, line.net_amount, line.unit_price)
        for line in InvoiceLine.objects.filter(invoice_id=invoice.pk)
    ]
    assert len(quoted) == len(CASES) + 1
    assert Counter(quoted) == Counter(billed)

    quantities = {
        line["sku"]: _number(line["quantity"]) for line in quote["lines"] if line["kind"] == "charge"
    }
    assert quantities == dict(
        InvoiceLine.objects.filter(invoice_id=invoice.pk, kind="charge").values_list("sku", "quantity")
    )
    assert [
        (
            tax["category"],
            tax["name"],
            *map(_number, (tax["percent"], tax["taxable_amount"], tax["tax_amount"])),
        )
        for tax in quote["taxes"]
    ] == list(invoice.taxes.values_list("category", "name", "percent", "taxable_amount", "tax_amount"))
    totals = ("net_amount", "tax_amount", "gross_amount")
    assert [_number(quote[name]) for name in totals] == [getattr(invoice, name) for name in totals]

    cost = Charge.objects.filter(side=Charge.Side.COST).values_list("net_amount", flat=True)
    assert _number(quote["cost"]["net_amount"]) == sum(cost)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
