"""What is the same for every list."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import Account, Currency, ExchangeRate, TaxRate
from tests.factories.houses import client_of, head_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north")


@pytest.fixture
def client(north):
    return client_of(north.key)


def test_pages_go_forth_and_back(north, client):
    currency = north.company.currency
    Account.objects.bulk_create(
        Account(code=f"a-{n}", company=north.company, currency=currency, country="US", timezone="UTC")
        for n in range(5)
    )
    codes, url = [], "/api/v1/accounts?page_size=2"
    while url:
        page = client.get(url).json()
        assert set(page) == {"next", "previous", "results"}
        codes.append([row["code"] for row in page["results"]])
        last, url = page, page["next"]
    assert codes == [["north-1", "a-0"], ["a-1", "a-2"], ["a-3", "a-4"]]
    before = client.get(last["previous"]).json()
    assert [row["code"] for row in before["results"]] == ["a-1", "a-2"]


def test_a_page_has_at_most_a_thousand_rows(north, client):
    currency = north.company.currency
    Account.objects.bulk_create(
        Account(code=f"a-{n}", company=north.company, currency=currency, country="US", timezone="UTC")
        for n in range(1001)
    )
    assert len(client.get("/api/v1/accounts?page_size=5000").json()["results"]) == 1000
    assert len(client.get("/api/v1/accounts").json()["results"]) == 100


@pytest.mark.parametrize("cursor", ["nonsense", "cD1hYmM=", "bz0tMQ==", "cD0lMDA=", "%00"])
def test_a_cursor_that_is_none(client, cursor):
    for name in ("accounts", "invoices", "charges"):
        response = client.get(f"/api/v1/{name}?cursor={cursor}")
        assert response.status_code in (200, 404)
        if response.status_code == 404:
            assert response["Content-Type"] == "application/problem+json"


def test_an_unknown_parameter_is_refused(client):
    response = client.get("/api/v1/charges?acount=north-1")
    assert response.status_code == 400
    problem = response.json()
    assert problem["code"] == "invalid"
    (error,) = problem["errors"]
    assert error["pointer"] == "#/acount"
    assert "account" in error["detail"]


@pytest.mark.parametrize(
    "query", ["charges?month=2023-13", "charges?side=free", "invoices?issued_from=soon", "prices?valid_at=x"]
)
def test_a_value_that_cannot_be_used_is_refused(client, query):
    response = client.get(f"/api/v1/{query}")
    assert response.status_code == 400
    name = query.split("?")[1].split("=")[0]
    assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{name}"]


@pytest.mark.parametrize("query", ["accounts?external_id=%00", "exceptions?sku=%00", "accounts?company=%00"])
def test_nul_is_refused(client, query):
    assert client.get(f"/api/v1/{query}").status_code == 400


def test_exchange_rates_by_pair_and_day(client):
    euro = Currency.objects.get_or_create(code="EUR", defaults={"name": "euro", "minor_units": 2})[0]
    for day, rate in ((1, "1.0845"), (2, "1.1")):
        ExchangeRate.objects.create(
            base=euro, quote_id="USD", rated_on=date(2023, 9, day), rate=Decimal(rate), source="ECB"
        )
    query = "base=EUR&quote=USD&rated_on__lte=2023-09-01"
    assert client.get(f"/api/v1/exchange-rates?{query}").json()["results"] == [
        {"base": "EUR", "quote": "USD", "rated_on": "2023-09-01", "rate": "1.0845", "source": "ECB"}
    ]


def test_products_with_their_unit_factors(client):
    (row,) = client.get("/api/v1/products?kind=time").json()["results"]
    assert (row["sku"], row["unit_factors"], row["billed_states"]) == ("VM", [], ["active"])
    assert client.get("/api/v1/products/VM").json() == row


def test_tax_rates_as_they_were_on_a_day(client):
    for percent, since in (("16", date(2020, 7, 1)), ("19", date(2021, 1, 1))):
        TaxRate.objects.create(country="DE", percent=Decimal(percent), valid_from=since)
    rows = client.get("/api/v1/tax-rates?country=DE&valid_from__lte=2020-12-31").json()["results"]
    assert rows == [
        {"country": "DE", "category": "standard", "name": "", "percent": "16", "valid_from": "2020-07-01"}
    ]


def test_currencies_with_their_minor_units(client):
    (yen,) = client.get("/api/v1/currencies?code=JPY").json()["results"]
    assert (yen["code"], yen["minor_units"]) == ("JPY", 0)
