import pytest

from catalogue.models import Scope
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


def test_an_account_by_its_code(north):
    alder = north.sales_offices[0]
    body = client_of(alder.key).get("/api/v1/accounts/alder-1").json()
    assert body == {
        "code": "alder-1",
        "company": "alder",
        "name": "Customer of alder",
        "currency": "USD",
        "country": "US",
        "timezone": "UTC",
        "locale": "en",
        "address": "",
        "email": "alder@example.com",
        "tax_number": "",
        "late_usage": "next_invoice",
        "payment_days": 30,
        "opened_at": None,
        "external_id": "",
    }


def test_the_head_office_sees_the_accounts_of_all_its_offices(north):
    results = client_of(north.key).get("/api/v1/accounts").json()["results"]
    assert [account["code"] for account in results] == ["north-1", "alder-1", "birch-1"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/accounts/{}",
        "/api/v1/charges?account={}",
        "/api/v1/invoices?account={}",
        "/api/v1/exceptions?account={}",
        "/api/v1/resources?account={}",
        "/api/v1/prices?account={}",
    ],
)
def test_a_foreign_account_is_answered_as_one_that_does_not_exist(north, path):
    client = client_of(north.sales_offices[0].key)
    foreign, missing = client.get(path.format("birch-1")), client.get(path.format("nothing"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert foreign["Content-Type"] == "application/problem+json"


def test_a_key_of_an_account_sees_only_that(north):
    alder = north.sales_offices[0]
    client = client_of(key_of(alder.company, Scope.CATALOGUE_READ, account=alder.account))
    assert [row["code"] for row in client.get("/api/v1/accounts").json()["results"]] == ["alder-1"]
    assert [row["code"] for row in client.get("/api/v1/companies").json()["results"]] == ["alder"]


def test_a_name_that_the_database_refuses_is_not_found(north):
    assert client_of(north.key).get("/api/v1/accounts/%00").status_code == 404
