"""Orders over HTTP: placed, read, cancelled and brought in, each in the caller's reach."""

from decimal import Decimal

import pytest

from catalogue.models import Product, Scope
from metering.models import Order
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
PATH = "/api/v1/orders"


@pytest.fixture
def alder():
    alder, birch = head_office("north", "alder", "birch").sales_offices
    Order.objects.exclude(account=birch.account).delete()
    Product.objects.create(sku="PLAN", unit="month", kind="recurring", cycle="monthly")
    Product.objects.create(sku="SETUP", unit="each", kind="one_time")
    return alder


def order(**other):
    return {"account": "alder-1", "code": "o1", "sku": "PLAN", "started_on": "2026-03-16"} | other


def post(house, body, path=PATH):
    return client_of(house.key).post(path, body, content_type="application/json")


def test_an_order_is_placed_once(alder):
    first, again = post(alder, order(quantity="2.50", unit_price="9.99")), None
    again = post(alder, order(quantity="2.5", unit_price="9.990"))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json() == {
        "id": Order.objects.get(code="o1").pk,
        "account": "alder-1",
        "code": "o1",
        "sku": "PLAN",
        "quantity": "2.5",
        "started_on": "2026-03-16",
        "ended_on": None,
        "charged_from": None,
        "unit_price": "9.99",
    }


def test_other_content_under_its_code_is_a_conflict(alder):
    post(alder, order())
    answer = post(alder, order(quantity="2"))

    assert (answer.status_code, answer.json()["code"]) == (409, "order_differs")
    assert "with quantity 1, not 2" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"account": "birch-1"}, "#/account"),
        ({"sku": "NOTHING"}, "#/sku"),
        ({"sku": "VM"}, "#/sku"),
        ({"quantity": "0"}, "#/quantity"),
        ({"quantity": "NaN"}, "#/quantity"),
        ({"quantity": 1.5}, "#/quantity"),
        ({"quantity": "1_000"}, "#/quantity"),
        ({"unit_price": 0.1}, "#/unit_price"),
        ({"code": "a\0b"}, "#/code"),
        ({"started_on": "0001-01-01"}, "#/started_on"),
        ({"started_on": "9999-12-31"}, "#/started_on"),
        ({"ended_on": "2026-03-15"}, "#/ended_on"),
        ({"charged_from": "2026-03-15"}, "#/charged_from"),
        ({"unit_price": "-0.01"}, "#/unit_price"),
        ({"unitprice": "1"}, "#/unitprice"),
    ],
)
def test_what_cannot_be_used_is_told_by_field(alder, other, pointer):
    answer = post(alder, order(**other))

    assert answer.status_code == 400, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Order.objects.filter(code="o1").exists()


def test_orders_are_listed_and_read_in_reach_only(alder):
    pk = post(alder, order()).json()["id"]
    foreign = Order.objects.get(code="birch-order").pk
    client = client_of(alder.key)

    assert [one["code"] for one in client.get(PATH).json()["results"]] == ["o1"]
    assert [one["code"] for one in client.get(f"{PATH}?account=alder-1&sku=PLAN&code=o1").json()["results"]]
    assert client.get(f"{PATH}/{pk}").json()["code"] == "o1"
    assert client.get(f"{PATH}/{foreign}").status_code == 404
    assert client.get(f"{PATH}?account=birch-1").status_code == 404
    assert post(alder, {"ended_on": "2026-04-01"}, f"{PATH}/{foreign}/cancel").status_code == 404


def test_an_order_is_cancelled_and_twice_is_once(alder):
    pk = post(alder, order()).json()["id"]

    for _ in range(2):
        answer = post(alder, {"ended_on": "2026-04-01"}, f"{PATH}/{pk}/cancel")
        assert (answer.status_code, answer.json()["ended_on"]) == (200, "2026-04-01")
    refused = post(alder, {"ended_on": "2026-03-15"}, f"{PATH}/{pk}/cancel")
    assert refused.status_code == 400
    assert refused.json()["errors"] == [
        {
            "pointer": "#/ended_on",
            "detail": "Order o1 starts on 2026-03-16: it cannot end on 2026-03-15.",
        }
    ]


def test_a_base_comes_in_by_csv(alder):
    client = client_of(alder.key)
    text = (
        "account,code,sku,started_on,quantity\nalder-1,o1,PLAN,2026-03-01,3\nalder-1,o2,SETUP,2026-03-02,\n"
    )

    checked = client.post(f"{PATH}/import?dry_run=true", text, content_type="text/csv")
    assert checked.json() == {"new": 2, "changed": 0, "unchanged": 0}
    assert not Order.objects.filter(account=alder.account).exists()
    assert client.post(f"{PATH}/import", text, content_type="text/csv").json()["new"] == 2
    assert client.post(f"{PATH}/import", text, content_type="text/csv").json()["unchanged"] == 2
    assert Order.objects.get(code="o1").quantity == Decimal(3)
    refused = client.post(f"{PATH}/import", text.replace("alder-1,o2", "birch-1,o2"), content_type="text/csv")
    assert refused.json()["errors"] == [
        {"pointer": "#/line 3/account", "detail": "There is no account 'birch-1' that you reach."}
    ]


def test_a_file_that_is_too_large_is_refused_unread(alder, settings):
    settings.CSV_FILE_MAX_BYTES = 5
    answer = client_of(alder.key).post(f"{PATH}/import", "account,code", content_type="text/csv")

    assert answer.status_code == 413
    assert "manage.py import_orders" in answer.json()["detail"]


def test_writing_needs_the_scope_of_orders(alder):
    reader = client_of(key_of(alder.company, Scope.BILLING_READ, Scope.BILLING_WRITE))
    writer = client_of(key_of(alder.company, Scope.ORDERS_WRITE))

    assert reader.post(PATH, order(), content_type="application/json").status_code == 403
    assert reader.get(PATH).status_code == 200
    assert writer.post(PATH, order(), content_type="application/json").status_code == 201
    assert writer.get(PATH).status_code == 403
