from datetime import UTC, datetime

import pytest

from catalogue.models import Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from tests.factories.houses import client_of
from tests.factories.quotes import ITEMS, ask, key, problems, sales_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return client_of(key(sales_office()))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"account": "NONE"}, {"#/account": "There is no account NONE, or none that you may see."}),
        ({"account": "ABROAD"}, {"#/account": "There is no account ABROAD, or none that you may see."}),
        ({"account": None}, {"#/country": "Needed unless", "#/currency": "Needed unless an account"}),
        ({"company": "DE"}, {"#/company": "The account decides it"}),
        ({"country": "DE", "currency": "XXX"}, {"#/currency": "not in the catalogue"}),
        ({"country": "FR", "currency": "EUR"}, {"#/company": "name the one that shall"}),
        ({"country": "DE", "currency": "EUR", "company": "FR"}, {"#/company": "There is no company FR"}),
        ({"country": "Germany", "currency": "EUR"}, {"#/country": "does not match"}),
        ({"coupon": "NONE"}, {"#/coupon": "NONE is no coupon"}),
        ({"coupons": "NONE"}, {"#/coupons": "No such field"}),
        ({"issued_on": "soon"}, {"#/issued_on": "wrong format"}),
        ({"items": []}, {"#/items": "may not be empty"}),
        ({"items": {}}, {"#/items": "Expected a list"}),
        ({"items": [ITEMS[0]] * 1001}, {"#/items": "no more than 1000"}),
        ({"items": ["VM"]}, {"#/items/0": "Expected a dictionary"}),
    ],
)
def test_requests_that_cannot_be_quoted(client, body, expected):
    abroad = open_company(code="FR", name="Abroad", country="FR", currency="EUR", timezone="UTC")
    open_account(code="ABROAD", company=abroad)
    found = problems(ask(client, **body))
    assert list(found) == list(expected)
    assert all(words in found[pointer] for pointer, words in expected.items())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sku": "TAPE"}, {"sku": "There is no product TAPE."}),
        ({"sku": "UNPRICED"}, {"sku": "UNPRICED has no price in EUR at 2026-02-28 23:00 UTC."}),
        ({"sku": "ENDED"}, {"sku": "ENDED is not sold any more since 2026-01-01 00:00 UTC."}),
        ({"start": "2022-12-31T23:59:59Z"}, {"sku": "VM has no price in EUR at 2022-12-31 23:59 UTC."}),
        ({"quantity": "-1"}, {"quantity": "-1 is below 0."}),
        ({"quantity": 1.5}, {"quantity": "Write the number as text"}),
        ({"quantity": "NaN"}, {"quantity": "is not a number"}),
        ({"quantity": True}, {"quantity": "Write the number as text"}),
        ({"hours": "1e30"}, {"hours": "more than 18 digits"}),
        ({"hours": None}, {"hours": "may not be null"}),
        ({"units": "1"}, {"units": "VM is not priced by usage"}),
        ({"sku": "REQ"}, {"hours": "REQ is not priced by time"}),
        ({"hour": "1"}, {"hour": "No such field"}),
        ({"start": "today"}, {"start": "wrong format"}),
        ({"start": "9999-12-31T23:59:59Z"}, {"start": "9999 is not a year"}),
        ({"records": -1}, {"records": "greater than or equal to 0"}),
        ({"sku": "V\0M"}, {"sku": "Null characters"}),
    ],
)
def test_items_that_cannot_be_quoted(client, changes, expected):
    Product.objects.create(sku="UNPRICED", unit="hour", kind="time")
    Product.objects.create(sku="ENDED", unit="hour", kind="time", ended_at=datetime(2026, 1, 1, tzinfo=UTC))
    found = problems(ask(client, [ITEMS[1], ITEMS[0] | changes]))
    assert list(found) == [f"#/items/1/{field}" for field in expected]
    assert all(words in found[f"#/items/1/{field}"] for field, words in expected.items())


def test_a_product_by_time_needs_hours(client):
    answer = ask(client, [{"sku": "VM"}, {"sku": "TAPE"}, {"sku": "REQ", "units": "1", "hours": "2"}])
    assert list(problems(answer)) == ["#/items/0/hours", "#/items/1/sku", "#/items/2/hours"]
