import pytest

from catalogue.models import Scope
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


def test_a_charge_with_the_names_behind_its_ids(alder):
    client = client_of(key_of(alder.company, Scope.BILLING_READ))
    (row,) = client.get("/api/v1/charges?account=alder-1&month=2023-09").json()["results"]
    assert row.pop("id")
    assert row == {
        "side": "sell",
        "kind": "charge",
        "account": "alder-1",
        "company": "alder",
        "month": "2023-09",
        "service_month": "2023-09",
        "sku": "VM",
        "resource": "alder-vm",
        "order": None,
        "cycle_start": None,
        "item_quantity": None,
        "quantity": "722.5",
        "unit": "hour",
        "unit_price": "0.1",
        "amount": "72.25",
        "net_amount": "72.25",
        "currency": "USD",
        "service_start": "2023-09-01T00:00:00Z",
        "service_end": "2023-10-01T00:00:00Z",
        "price_id": None,
    }


def test_cost_charges_need_cost_read(alder):
    client = client_of(key_of(alder.company, Scope.BILLING_READ, Scope.COST_READ))
    rows = client.get("/api/v1/charges").json()["results"]
    assert {(row["side"], row["company"]) for row in rows} == {("sell", "alder"), ("cost", "north")}
    client = client_of(key_of(alder.company, Scope.BILLING_READ))
    assert client.get("/api/v1/charges?side=cost").json()["results"] == []


def test_filters(alder):
    client = client_of(alder.key)
    found = {
        query: len(client.get(f"/api/v1/charges?{query}").json()["results"])
        for query in ("month=2023-09", "month=2023-10", "resource=alder-vm", "side=sell", "kind=true_up")
    }
    assert found == {
        "month=2023-09": 2,
        "month=2023-10": 0,
        "resource=alder-vm": 2,
        "side=sell": 1,
        "kind=true_up": 0,
    }


def test_a_page_of_charges_costs_a_fixed_number_of_queries(alder, django_assert_max_num_queries):
    client = client_of(alder.key)
    with django_assert_max_num_queries(3):
        client.get("/api/v1/charges")
