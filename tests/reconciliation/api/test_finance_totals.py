import json

import pytest

from catalogue.models import Scope
from reconciliation.models import FinanceTotal
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/finance-totals"


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(alder.key)


def total(**more):
    return {"account": "alder-1", "currency": "USD", "month": "2023-10", "amount": "7.50"} | more


def post(client, *totals, **more):
    body = {"totals": list(totals), **more}
    return client.post(ADDRESS, json.dumps(body), content_type="application/json")


def test_totals_are_taken_once(client):
    assert post(client, total()).json() == {"new": 1, "changed": 0, "removed": 0, "unchanged": 0}
    assert post(client, total()).json() == {"new": 0, "changed": 0, "removed": 0, "unchanged": 1}
    (listed,) = client.get(ADDRESS, {"month": "2023-10"}).json()["results"]
    assert listed == {
        "company": "alder",
        "account": "alder-1",
        "month": "2023-10",
        "day": None,
        "currency": "USD",
        "amount": "7.5",
    }


def test_a_csv_file_is_taken_or_checked(client):
    file = "account,currency,day,amount\nalder-1,USD,2023-10-02,-7.50\n"
    refused = client.post(ADDRESS, file, content_type="text/csv")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/amount")
    checked = client.post(f"{ADDRESS}?signs=reversed&dry_run=true", file, content_type="text/csv")
    assert checked.json()["new"] == 1
    assert not FinanceTotal.objects.exclude(day=None).exists()
    taken = client.post(f"{ADDRESS}?signs=reversed", file, content_type="text/csv")
    assert taken.json()["new"] == 1
    assert client.post(f"{ADDRESS}?sings=reversed", file, content_type="text/csv").status_code == 400


WRONG = {
    "a stranger's account": (total(account="birch-1"), "#/totals/0/account"),
    "another currency": (total(currency="EUR"), "#/totals/0/currency"),
    "a day for a month": (total(month="2023-10-01"), "#/totals/0/month"),
    "a month for a day": ({**total(day="2023-10"), "month": None}, "#/totals/0/day"),
    "a field too many": (total(color="red"), None),
    "a fraction": (total(amount=7.5), None),
}


@pytest.mark.parametrize(("line", "pointer"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_and_nothing_is_stored(client, line, pointer):
    before = FinanceTotal.objects.count()
    answer = post(client, line)
    problem = answer.json()
    assert (answer.status_code, problem.get("errors", [{}])[0].get("pointer")) == (400, pointer)
    assert FinanceTotal.objects.count() == before


def test_bad_bodies_are_refused(client):
    assert post(client).status_code == 400
    assert post(client, total(), signs="mixed").json()["code"] == "malformed_totals"
    assert client.post(ADDRESS, b"\xff{", content_type="application/json").status_code == 400


def test_who_may_send_and_see(alder, client):
    assert post(client_of(key_of(alder.company, Scope.BILLING_READ)), total()).status_code == 403
    assert {row["company"] for row in client.get(ADDRESS).json()["results"]} == {"alder"}
