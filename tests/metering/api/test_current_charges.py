import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogue.domain.terms import price_terms
from catalogue.models import Product
from catalogue.services.prices import enter_price
from metering.models import Charge
from metering.services.ingestion import Sender, ingest_cloud_events
from metering.services.mediation import mediate_waiting
from tests.factories.houses import client_of, head_office

pytestmark = pytest.mark.django_db

CREATED = datetime(2024, 3, 10, tzinfo=UTC)


@pytest.fixture
def alder():
    north = head_office("north", "alder", "birch")
    alder, _ = north.sales_offices
    machine = Product.objects.create(sku="LIVE-VM", unit="hour", kind="time")
    enter_price(
        company=alder.company,
        product=machine,
        currency=alder.account.currency,
        terms=price_terms("per_unit", {"unit_price": Decimal("0.015")}),
        valid_from=datetime(2024, 1, 1, tzinfo=UTC),
        entered_at=CREATED,
    )
    event = {
        "specversion": "1.0",
        "id": "live-1",
        "source": "orders",
        "type": "meridian.resource.created",
        "subject": "live-vm",
        "time": CREATED.isoformat(),
        "data": {"account": alder.account.code, "items": [{"sku": "LIVE-VM"}]},
    }
    sender = Sender(company_id=alder.company.pk, head_office_id=north.company.pk)
    ingest_cloud_events(json.dumps(event).encode(), sender=sender, received_at=CREATED, channel="api")
    mediate_waiting(now=CREATED)
    return alder


def address(account: str, as_of: str) -> str:
    return f"/api/v1/accounts/{account}/current-charges?as_of={as_of}"


def test_a_running_resource_counts_until_the_instant(alder):
    answer = client_of(alder.key).get(address(alder.account.code, "2024-03-10T10:20:00Z"))

    assert answer.status_code == 200
    body = answer.json()
    assert (body["month"], body["net_amount"]) == ("2024-03", "0.155")
    assert body["lines"] == [
        {
            "sku": "LIVE-VM",
            "resource": "live-vm",
            "item_quantity": "1",
            "quantity": "10.333333333333",
            "unit_price": "0.015",
            "amount": "0.155",
            "service_start": "2024-03-10T00:00:00Z",
            "service_end": "2024-03-10T10:20:00Z",
        }
    ]


def test_a_look_stores_nothing(alder):
    before = Charge.objects.count()
    client_of(alder.key).get(address(alder.account.code, "2024-03-10T10:20:00Z"))
    assert Charge.objects.count() == before


def test_an_account_of_another_office_is_as_none(alder):
    foreign = client_of(alder.key).get(address("birch-1", "2024-03-10T10:20:00Z"))
    unknown = client_of(alder.key).get(address("nobody", "2024-03-10T10:20:00Z"))
    assert (foreign.status_code, foreign.json()) == (404, unknown.json())


def test_an_instant_that_is_none_is_refused_in_words(alder):
    answer = client_of(alder.key).get(address(alder.account.code, "yesterday"))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
