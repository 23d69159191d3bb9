"""A dedicated server, a domain name and a licence stand on the invoice of an hourly machine."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from invoicing.models import Invoice, InvoiceLine
from invoicing.services.bill_runs import run_bill_run
from metering.services.ingestion import Sender, ingest_cloud_events
from metering.services.mediation import mediate_waiting
from metering.services.order_files import import_orders
from metering.services.rating import rate_stale_periods
from reconciliation.selectors.margin import margin_of

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
MARCH = date(2026, 3, 1)
PRODUCTS: dict[str, dict[str, Any]] = {
    "VM": {"kind": "time", "unit": "hour"},
    "SERVER": {"kind": "recurring", "cycle": "monthly", "unit": "month"},
    "DOMAIN": {"kind": "recurring", "cycle": "annual", "in_advance": True, "unit": "year"},
    "LICENCE": {"kind": "one_time", "unit": "each"},
}
PRICES = {"VM": ("0.05", "0.02"), "SERVER": ("93.00", "62.00"), "DOMAIN": ("12.00", "9.00")}


@pytest.fixture
def office() -> Company:
    head = open_company(code="HQ", name="Head", country="US", currency="USD", timezone="UTC")
    office = open_company(code="US", name="Office", country="US", currency="USD", timezone="UTC", parent=head)
    open_account(code="ACME", company=office)
    for sku, columns in PRODUCTS.items():
        product = Product.objects.create(sku=sku, **columns)
        sell, cost = PRICES.get(sku, ("40.00", "25.00"))
        for book, price in ((office, sell), (head, cost)):
            enter_price(
                company=book,
                product=product,
                currency=book.currency,
                terms=PriceTerms(PerUnit(Decimal(price))),
                valid_from=datetime(2025, 1, 1, tzinfo=UTC),
                entered_at=NOW,
            )
    return office


@pytest.mark.django_db
def test_what_is_ordered_stands_beside_what_runs(office):
    created = {
        "specversion": "1.0",
        "id": "1",
        "source": "orders",
        "type": "meridian.resource.created",
        "subject": "vm-1",
        "time": "2026-03-31T00:00:00Z",
        "data": {"account": "ACME", "items": [{"sku": "VM"}]},
    }
    sender = Sender(company_id=office.parent_id, head_office_id=office.parent_id)
    ingest_cloud_events(json.dumps(created).encode(), sender=sender, received_at=NOW, channel="api")
    mediate_waiting(now=NOW)
    orders = (
        "account,code,sku,quantity,started_on,unit_price\n"
        "ACME,rack-7,SERVER,1,2026-03-22,\n"
        "ACME,example.com,DOMAIN,1,2026-03-02,\n"
        "ACME,cad,LICENCE,3,2026-03-31,35.00\n"
    )
    import_orders(file=BytesIO(orders.encode()), accounts=Account.objects.all(), now=NOW)
    rate_stale_periods(as_of=NOW)
    run_bill_run(company=office, month=MARCH, cutoff=NOW, issued_on=date(2026, 4, 2))

    invoice = Invoice.objects.get()
    lines = InvoiceLine.objects.filter(invoice_id=invoice.pk).order_by("sku")
    assert [
        (line.sku, line.resource, f"{line.quantity:.0f}", f"{line.net_amount:.2f}") for line in lines
    ] == [
        ("DOMAIN", "example.com", "1", "12.00"),
        ("LICENCE", "cad", "3", "105.00"),
        ("SERVER", "rack-7", "1", "30.00"),  # 10 days of 31 of 93.00
        ("VM", "vm-1", "24", "1.20"),
    ]
    assert (lines[0].service_start, lines[0].service_end) == (
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2027, 3, 2, tzinfo=UTC),
    )
    # At cost: 9.00, 3 of 25.00 whatever was agreed, 20.00, and 24 hours of 0.02
    margin = margin_of(company=office, month=MARCH)
    assert (margin.revenue, margin.cost) == (Decimal("148.20"), Decimal("104.48"))
