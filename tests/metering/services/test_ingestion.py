import json
from datetime import UTC, datetime

import pytest

from catalogue.models import Company
from metering.models import EventIdentity, UsageEvent
from metering.services.ingestion import Sender, ingest_cloud_events

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def sender():
    company = Company.objects.create(
        code="us", name="us", country="US", currency_id="USD", number_prefix="US", timezone="UTC"
    )
    return Sender(company.pk, company.pk)


def usage(number):
    return {
        "specversion": "1.0",
        "id": f"u-{number}",
        "source": "meters",
        "type": "meridian.usage.recorded",
        "time": "2026-03-01T00:00:00Z",
        "data": {"account": "acme", "sku": "NET", "quantity": "1", "note": "HERE"},
    }


@pytest.mark.parametrize("number", ["1e200000", "-1e-200000", "1" * 140_000])
def test_a_number_that_postgresql_does_not_hold_refuses_its_event_alone(sender, number):
    bad = json.dumps(usage(2)).replace('"HERE"', number)
    body = f"[{json.dumps(usage(1))}, {bad}, {json.dumps(usage(3))}]".encode()
    report = ingest_cloud_events(body, sender=sender, received_at=NOW, channel="test")
    assert [result.status for result in report.results] == ["accepted", "rejected", "accepted"]
    assert report.results[1].id == "u-2"
    assert set(UsageEvent.objects.values_list("event_id", flat=True)) == {"u-1", "u-3"}
    assert set(EventIdentity.objects.values_list("event_id", flat=True)) == {"u-1", "u-3"}
