from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogue.models import Price, Product, Scope
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


def found(client, words):
    response = client.get("/api/v1/products", {"search": words})
    return [row["sku"] for row in response.json()["results"]]


def test_search_by_words_in_any_order_and_case(north):
    for sku, name, family in (
        ("AZ-d2", "Virtual machine, 50 % burst", "Compute"),
        ("AZ-d4", "virtual desk", "Compute"),
        ("AZ-b_1", "Blob", "Storage"),
    ):
        Product.objects.create(sku=sku, name=name, family=family, unit="hour", kind="time")
    client = client_of(north.key)
    assert found(client, "VIRTUAL") == ["VM", "AZ-d2", "AZ-d4"]
    assert found(client, "compute az-D2") == ["AZ-d2"]
    assert found(client, "d4 blob") == []
    assert found(client, "50 %") == ["AZ-d2"]
    assert found(client, "b_1") == ["AZ-b_1"]
    assert client.get("/api/v1/products?search=%00").status_code == 400


def test_the_timeline_of_a_product(north):
    alder = north.sales_offices[0]
    Price.objects.create(
        company=alder.company,
        product=Product.objects.get(sku="VM"),
        currency=alder.company.currency,
        valid_from=datetime(2024, 1, 1, tzinfo=UTC),
        valid_to=datetime(2024, 2, 1, tzinfo=UTC),
        unit_price=Decimal("0.2"),
    )
    body = client_of(alder.key).get("/api/v1/products/VM/timeline").json()
    assert body["sku"] == "VM"
    assert [(book["company"], book["currency"]) for book in body["books"]] == [
        ("north", "USD"),
        ("alder", "USD"),
    ]
    stretches = body["books"][1]["stretches"]
    assert [(s["start"], s["end"], s["price"]["unit_price"]) for s in stretches] == [
        ("2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "0.1"),
        ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "0.2"),
        ("2024-02-01T00:00:00Z", None, "0.1"),
    ]


def test_the_timeline_holds_cost_for_those_who_may_see_it(north):
    client = client_of(key_of(north.company, Scope.CATALOGUE_READ))
    books = client.get("/api/v1/products/VM/timeline").json()["books"]
    assert [book["company"] for book in books] == ["alder", "birch"]
    assert client.get("/api/v1/products/none/timeline").status_code == 404


def test_gaps_page_by_page(north):
    for sku in ("A", "B"):
        Product.objects.create(sku=sku, unit="hour", kind="time")
    client = client_of(north.key)
    path = "/api/v1/prices/gaps?company=alder&page_size=1"
    first = client.get(path).json()
    gap = {"sku": "A", "name": "", "currency": "USD", "gap_from": None, "gap_to": None}
    assert first == {"more": True, "results": [gap]}
    rest = client.get(f"{path}&after_sku=A&after_currency=USD").json()
    assert rest == {"more": False, "results": [gap | {"sku": "B"}]}


@pytest.mark.parametrize(
    "query", ["", "company=none", "company=birch", "company=alder&since=soon", "company=alder&x=1"]
)
def test_gaps_that_cannot_be_asked_for(north, query):
    assert client_of(north.sales_offices[0].key).get(f"/api/v1/prices/gaps?{query}").status_code == 400
