"""What cannot be right is refused item by item, or as a problem; the good items of a batch stand."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing_site.common.clock import now
from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Product, Scope
from catalogue.services.prices import enter_price
from metering.models import (
    Charge,
    EventException,
    EventIdentity,
    IngestBatch,
    LifecycleEvent,
    Resource,
    UsageEvent,
)
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
URL, BATCH, ONE = "/api/v1/events", "application/cloudevents-batch+json", "application/cloudevents+json"
OPENED = datetime(2023, 9, 1, tzinfo=UTC)


@pytest.fixture
def north():
    house = head_office("north", "alder", "birch")
    Account.objects.filter(code="alder-1").update(opened_at=OPENED)
    return house


@pytest.fixture
def client(north):
    return client_of(key_of(north.sales_offices[0].company, Scope.EVENTS_WRITE))


def used(number, *, quantity="1", account="alder-1", **other):
    return {
        "specversion": "1.0",
        "id": f"u-{number}",
        "source": "meters",
        "type": "meridian.usage.recorded",
        "time": "2023-09-10T00:00:00Z",
        "data": {"account": account, "sku": "TRAFFIC", "quantity": quantity},
    } | other


def send(client, body, content_type=BATCH):
    return client.post(URL, body if isinstance(body, bytes) else json.dumps(body), content_type=content_type)


def stored(source="meters"):
    found = [*UsageEvent.objects.filter(source=source), *LifecycleEvent.objects.filter(source=source)]
    return sorted(event.event_id for event in found)


def ahead(**time):
    return (now() + timedelta(**time)).isoformat()


BAD = {
    "the first day of all": (used(1, time="0001-01-01T00:00:00+14:00"), "the end of all calendars"),
    "the last day of all": (used(1, time="9999-12-31T23:59:59-12:00"), "the end of all calendars"),
    "an unknown type": (used(1, type="meridian.resource.exploded"), "type 'meridian.resource.exploded'"),
    "no type": ({key: value for key, value in used(1).items() if key != "type"}, "`type`"),
    "a number as id": (used(1, id=7), "Expected `str`, got `int` - at `$.id`"),
    "a list as source": (used(1, source=["meters"]), "at `$.source`"),
    "a word as data": (used(1, data="much"), "at `$.data`"),
    "null as quantity": (used(1, quantity=None), "needs data.sku and data.quantity"),
    "a list as quantity": (used(1, quantity=["1"]), "at `$.data.quantity`"),
    "a float as quantity": (used(1, quantity=1.5), "got `float`"),
    "a truth value as quantity": (used(1, quantity=True), "got `bool`"),
    "no number as quantity": (used(1, quantity="many"), "is not a number"),
    "a quantity below 0": (used(1, quantity="-0.000001"), "below 0"),
    "no event at all": (["u-1"], "Expected `object`, got `array`"),
    "a time without zone": (used(1, time="2023-09-10T00:00:00"), "has no zone"),
    "a time of no calendar": (used(1, time="2023-02-30T00:00:00Z"), "not an ISO 8601 instant"),
    "a time in the year 10,000": (used(1, time="10000-01-01T00:00:00Z"), "not an ISO 8601 instant"),
    "before the account was opened": (used(1, time="2023-08-31T23:59:59Z"), "before account alder-1"),
    "an escaped NUL": (used(1, subject="vm\0"), "NUL"),
    "no id": (used(1, id=""), "must not be empty"),
    "a resource and an account": (used(1, subject="vm-1"), "either"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_item_is_refused_and_the_good_ones_stand(client, what):
    bad, words = BAD[what]
    response = send(client, [used(2), bad, used(3)])
    assert response.status_code == 200
    before, refused, after = response.json()["results"]
    assert (before["status"], refused["status"], after["status"]) == ("accepted", "rejected", "accepted")
    assert words in refused["detail"]
    assert stored() == ["u-2", "u-3"]
    assert EventIdentity.objects.filter(source="meters").count() == 2


@pytest.mark.parametrize("what", BAD)
def test_alone_it_is_a_problem_and_leaves_nothing(client, what):
    bad, _ = BAD[what]
    if isinstance(bad, list):
        return  # an array is a batch
    response = send(client, bad, ONE)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert not stored()
    assert not EventIdentity.objects.filter(source="meters").exists()


def test_an_instant_more_than_a_day_ahead_is_refused_and_a_day_ahead_is_not(client):
    events = [used(1, time=ahead(hours=24, minutes=1)), used(2, time=ahead(hours=23, minutes=59))]
    assert [result["status"] for result in send(client, events).json()["results"]] == ["rejected", "accepted"]
    assert stored() == ["u-2"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'[{"id": "u-1",]', id="a comma too many"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b'{"id": "\xff"}', id="not UTF-8"),
        pytest.param(b'[{"id": "u\x00"}]', id="a bare NUL in a text"),
        pytest.param(b"\x00", id="only a NUL"),
        pytest.param(b"[1 2]", id="no comma"),
        pytest.param(b"\xef\xbb\xbf{", id="a byte order mark"),
    ],
)
def test_what_is_no_json_is_a_problem(client, body):
    response = send(client, body)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert not stored()


def test_a_body_of_100_megabytes_is_refused_unread(client):
    response = send(client, b"[" + b" " * 100_000_000 + b"]")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response["Content-Type"] == "application/problem+json"


def test_10_000_equal_ids_are_one_event(client):
    report = send(client, [used(1)] * 10_000).json()
    assert report["counts"] == {"accepted": 1, "duplicate": 9_999}
    assert report["results"][0]["status"] == "accepted"
    assert stored() == ["u-1"]


def test_10_000_equal_ids_with_other_content_are_one_event_and_one_exception(client):
    report = send(client, [used(1, quantity=str(number)) for number in range(10_000)]).json()
    assert report["counts"] == {"accepted": 1, "conflict": 9_999}
    assert UsageEvent.objects.get(source="meters").quantity == 0
    assert EventException.objects.filter(kind="conflict", source="meters").count() == 1


def test_what_names_another_companys_account_waits_and_is_billed_to_nobody(client, north):
    traffic = Product.objects.create(sku="TRAFFIC", unit="GB", kind="usage")
    for office in north.sales_offices:
        enter_price(
            company=office.company,
            product=traffic,
            currency=office.company.currency,
            terms=PriceTerms(PerUnit(Decimal(1))),
            valid_from=OPENED,
            entered_at=OPENED,
        )
    created = used(2, type="meridian.resource.created", subject="vm-2")
    created["data"] = {"account": "birch-1", "items": []}
    report = send(client, [used(1, account="birch-1"), created, used(3)]).json()
    assert report["counts"] == {"accepted": 3}
    mediate_waiting(now=now())
    rate_stale_periods(as_of=now())
    waiting = EventException.objects.filter(kind="unknown_account", event_id__startswith="u-")
    assert sorted(waiting.values_list("event_id", flat=True)) == ["u-1", "u-2"]
    charged = Charge.objects.get(product_id=traffic.pk)
    assert (charged.account_id, charged.net_amount) == (north.sales_offices[0].account.pk, 1)
    assert not Resource.objects.filter(name="vm-2").exists()


def test_of_500_with_one_bad_and_one_repeated_498_are_stored_and_again_none(client):
    """EC61"""
    events = [used(number) for number in range(499)]
    events[17] = used(17, quantity="-1")
    events.append(used(400))
    first = send(client, events).json()
    assert first["counts"] == {"accepted": 498, "rejected": 1, "duplicate": 1}
    assert (first["results"][17]["status"], first["results"][499]["status"]) == ("rejected", "duplicate")
    assert len(stored()) == 498
    events[17] = used(17)
    assert send(client, events).json()["counts"] == {"accepted": 1, "duplicate": 499}
    assert len(stored()) == 499
    assert IngestBatch.objects.filter(channel="api", event_count__in=(498, 1)).count() == 2
