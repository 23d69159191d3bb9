import json
from datetime import UTC, datetime

import pytest

from catalogue.models import Scope
from reconciliation.models import ReconciliationRequest, ReconciliationRun
from reconciliation.services.requests import answer_request
from tests.factories.houses import MONTH, client_of, head_office, key_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/reconciliation-runs"
AT = datetime(2023, 10, 5, tzinfo=UTC)


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(alder.key)


def post(client, **body):
    return client.post(ADDRESS, json.dumps(body), content_type="application/json")


def test_a_month_is_asked_for_and_its_runs_listed(client, alder):
    answer = post(client, company="alder", month="2023-09", levels=["rated_to_invoiced"])
    assert answer.status_code == 202
    asked = answer.json()
    assert (asked["starts_on"], asked["ends_on"], asked["done_at"]) == ("2023-09-01", "2023-10-01", None)
    answer_request(request_id=asked["id"], at=AT)
    (run,) = client.get(ADDRESS, {"request": asked["id"]}).json()["results"]
    assert (run["company"], run["month"], run["level"]) == ("alder", "2023-09", "rated_to_invoiced")
    whole = client.get(f"{ADDRESS}/{run['id']}").json()
    assert whole["compared"] == sum(total["compared"] for total in whole["totals"])
    assert client.get(f"{ADDRESS}/{run['id']}/discrepancies").status_code == 200


def test_runs_and_what_differs_are_listed_for_those_who_reach_them(client, alder):
    (run,) = client.get(ADDRESS, {"month": "2023-09"}).json()["results"]
    assert run["company"] == "alder"
    (found,) = client.get(f"{ADDRESS}/{run['id']}/discrepancies", {"kind": "missing"}).json()["results"]
    assert (found["key"], found["difference"], found["first"]) == ("alder-vm", "1.5", None)
    foreign = ReconciliationRun.objects.exclude(company=alder.company).first()
    assert client.get(f"{ADDRESS}/{foreign.pk}").status_code == 404
    assert client.get(f"{ADDRESS}/{foreign.pk}/discrepancies").status_code == 404
    assert client.get(ADDRESS, {"company": "birch"}).status_code == 404


WRONG = {
    "an unknown company": ({"company": "birch", "month": "2023-09"}, 404),
    "no days": ({"company": "alder"}, 400),
    "a month and days": ({"company": "alder", "month": "2023-09", "starts_on": "2023-09-01"}, 400),
    "days back to front": ({"company": "alder", "starts_on": "2023-09-02", "ends_on": "2023-09-01"}, 400),
    "an unknown level": ({"company": "alder", "month": "2023-09", "levels": ["everything"]}, 400),
    "a tolerance below 0": ({"company": "alder", "month": "2023-09", "tolerance": -1}, 400),
    "a field too many": ({"company": "alder", "month": "2023-09", "fast": True}, 400),
}


@pytest.mark.parametrize(("body", "status"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_compared_is_refused(client, body, status):
    before = ReconciliationRequest.objects.count()
    assert post(client, **body).status_code == status
    assert ReconciliationRequest.objects.count() == before


def test_who_may_ask(alder):
    reading = client_of(key_of(alder.company, Scope.BILLING_READ))
    assert post(reading, company="alder", month="2023-09").status_code == 403
    of_an_account = client_of(key_of(alder.company, Scope.BILLING_READ, account=alder.account))
    assert of_an_account.get(ADDRESS).json()["results"] == []
    assert MONTH.month == 9
