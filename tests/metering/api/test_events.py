import json

import pytest
from django.test import Client

from catalogue.models import Scope, User
from metering.models import IngestBatch, LifecycleEvent, UsageEvent
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/events"
BATCH, ONE, PLAIN = (
    "application/cloudevents-batch+json",
    "application/cloudevents+json",
    "application/json",
)


@pytest.fixture
def alder():
    return head_office("north", "alder").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(key_of(alder.company, Scope.EVENTS_WRITE))


def created(number=1, **other):
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "orders",
        "type": "meridian.resource.created",
        "time": "2023-09-01T00:00:00Z",
        "subject": f"vm-{number}",
        "data": {"account": "alder-1", "items": [{"sku": "VM"}]},
    } | other


def send(client, body, content_type=PLAIN):
    return client.post(URL, body if isinstance(body, bytes) else json.dumps(body), content_type=content_type)


@pytest.mark.parametrize("content_type", [BATCH, PLAIN, "application/json; charset=utf-8"])
def test_a_batch_has_a_result_for_each_event(client, content_type):
    events = [created(1), created(2), created(1), created(2, subject="vm-9"), created(3, specversion="2.0")]
    response = send(client, events, content_type)
    assert response.status_code == 200
    body = response.json()
    assert [result["status"] for result in body["results"]] == [
        *("accepted", "accepted", "duplicate", "conflict", "rejected")
    ]
    assert body["counts"] == {"accepted": 2, "duplicate": 1, "conflict": 1, "rejected": 1}
    assert body["results"][0] == {"id": "e-1", "source": "orders", "status": "accepted", "detail": ""}
    assert all(result["detail"] for result in body["results"][3:])


def test_what_is_stored_names_the_sender(client, alder):
    send(client, [created()])
    event = LifecycleEvent.objects.get(event_id="e-1")
    assert (event.company_id, event.head_office_id) == (alder.company.pk, alder.company.parent_id)
    assert IngestBatch.objects.get(pk=event.batch_id).channel == "api"


@pytest.mark.parametrize("content_type", [ONE, PLAIN])
def test_one_event_is_answered_by_itself(client, content_type):
    first, second = send(client, created(), content_type), send(client, created(), content_type)
    assert (first.status_code, first.json()["status"]) == (200, "accepted")
    assert (second.status_code, second.json()["status"]) == (200, "duplicate")
    conflict = send(client, created(subject="vm-9"), content_type)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "event_conflict")
    rejected = send(client, created(2, type="unknown"), content_type)
    assert (rejected.status_code, rejected.json()["code"]) == (400, "event_rejected")
    assert {conflict["Content-Type"], rejected["Content-Type"]} == {"application/problem+json"}


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b'"text"', b"7", b"[{]", b"\xff\xfe", b"null"])
def test_what_cannot_be_read_is_a_problem(client, body):
    response = send(client, body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert not UsageEvent.objects.filter(source="orders").exists()


def test_a_body_that_is_too_long(client, settings):
    settings.EVENTS_MAX_BYTES = 1000
    response = send(client, [created(n) for n in range(10)])
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert not LifecycleEvent.objects.filter(source="orders").exists()


def test_a_batch_of_too_many(client):
    response = send(client, b"[" + b",".join([b"{}"] * 10_001) + b"]")
    assert (response.status_code, response.json()["code"]) == (413, "batch_too_large")


def test_a_body_of_megabytes_is_taken(client):
    events = [created(n, data={"account": "alder-1", "items": [], "note": "x" * 4000}) for n in range(1000)]
    assert send(client, events, BATCH).json()["counts"] == {"accepted": 1000}


def test_a_person_sends_for_the_own_company(alder):
    client = Client()
    client.force_login(alder.operator)
    assert send(client, created()).status_code == 200
    client.force_login(User.objects.create_superuser("root"))
    assert send(client, created(2)).status_code == 403


def test_a_key_of_an_account_sends_nothing(alder):
    text = key_of(alder.company, Scope.BILLING_READ, account=alder.account)
    alder.company.api_keys.filter(account=alder.account).update(scopes=[Scope.EVENTS_WRITE])
    assert send(client_of(text), created()).status_code == 403


def test_sending_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        send(client, [created(n) for n in range(100)])
