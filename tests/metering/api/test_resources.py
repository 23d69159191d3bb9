from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogue.models import Company, User
from metering.models import Resource, ResourceInterval
from tests.factories.houses import START, client_of, head_office, product

pytestmark = pytest.mark.django_db
TRANSFER = datetime(2023, 9, 15, tzinfo=UTC)


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


def test_a_resource_by_its_name(north):
    row = client_of(north.sales_offices[0].key).get("/api/v1/resources/alder-vm").json()
    assert row == {
        "name": "alder-vm",
        "head_office": "north",
        "account": "alder-1",
        "state": "active",
        "created_at": "2023-09-01T00:00:00Z",
        "ended_at": None,
    }


def test_names_may_hold_slashes(north):
    Resource.objects.filter(name="alder-vm").update(name="/subscriptions/7/vm")
    client = client_of(north.key)
    for path in ("/subscriptions/7/vm", "%2Fsubscriptions%2F7%2Fvm"):
        assert client.get(f"/api/v1/resources/{path}").json()["name"] == "/subscriptions/7/vm"
        assert client.get(f"/api/v1/resources/{path}/timeline").status_code == 200


def test_a_timeline_is_the_stretches_of_the_own_accounts(north):
    alder, birch = north.sales_offices
    vm = Resource.objects.get(name="birch-vm")
    ResourceInterval.objects.filter(resource_id=vm.pk).update(ended_at=TRANSFER)
    ResourceInterval.objects.create(
        resource_id=vm.pk,
        started_at=TRANSFER,
        account_id=alder.account.pk,
        state="suspended",
        product_ids=[product().pk],
        quantities=[Decimal(2)],
    )
    Resource.objects.filter(pk=vm.pk).update(account_id=alder.account.pk)
    first = {
        "started_at": START.isoformat().replace("+00:00", "Z"),
        "ended_at": "2023-09-15T00:00:00Z",
        "account": "birch-1",
        "state": "active",
        "items": [{"sku": "VM", "quantity": "1.5", "unit": "hour"}],
    }
    second = {
        "started_at": "2023-09-15T00:00:00Z",
        "ended_at": None,
        "account": "alder-1",
        "state": "suspended",
        "items": [{"sku": "VM", "quantity": "2", "unit": "hour"}],
    }
    path = "/api/v1/resources/birch-vm/timeline"
    assert client_of(north.key).get(path).json()["intervals"] == [first, second]
    assert client_of(alder.key).get(path).json()["intervals"] == [second]
    assert client_of(birch.key).get(path).status_code == 404


def test_a_name_in_two_clouds_must_be_narrowed(north, client):
    sumac = head_office("sumac")
    Resource.objects.create(head_office=sumac.company, name="alder-vm", state="active", created_at=START)
    client.force_login(User.objects.create_superuser("root"))
    response = client.get("/api/v1/resources/alder-vm")
    assert (response.status_code, response.json()["code"]) == (409, "ambiguous")
    narrowed = client.get("/api/v1/resources/alder-vm?head_office=sumac").json()
    assert Company.objects.get(code=narrowed["head_office"]) == sumac.company


def test_exceptions_say_what_to_do(north):
    (row,) = client_of(north.sales_offices[0].key).get("/api/v1/exceptions?is_open=true").json()["results"]
    assert (row["kind"], row["company"], row["account"]) == ("no_price", "alder", "alder-1")
    assert "price" in row["reason"]
