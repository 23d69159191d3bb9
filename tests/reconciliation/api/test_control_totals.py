import json

import pytest
from django.test import Client

from catalogue.models import Scope, User
from reconciliation.models import ControlDay, ControlLine
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/control-totals"
LINE = {"id": "u-1", "resource": "vm", "hour": "2026-03-05T10:00:00Z", "quantity": "1.5"}
DAY = {"source": "meters", "lines": [LINE]}


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(alder.key)


def post(client, body, content_type="application/json"):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(ADDRESS, text, content_type=content_type)


def test_lines_are_taken_once(client, alder):
    assert post(client, DAY).json() == {"kind": "lines", "days": 1, "stored": 1, "removed": 0, "unchanged": 0}
    assert post(client, DAY).json() == {"kind": "lines", "days": 1, "stored": 0, "removed": 0, "unchanged": 1}
    line = ControlLine.objects.get(event_id="u-1")
    assert (line.company_id, line.resource, line.quantity) == (alder.company.pk, "vm", 1.5)


def test_totals_are_taken(client, alder):
    total = {"account": alder.account.code, "sku": "VM", "day": "2026-03-05", "quantity": 24}
    answer = post(client, {"source": "meters", "totals": [total]})
    assert answer.json() == {"kind": "totals", "days": 1, "stored": 1, "removed": 0, "unchanged": 0}


def test_a_csv_file_is_taken(client):
    file = "source,id,resource,hour,quantity\nmeters,u-1,vm,2026-03-05T10:00:00Z,1.5\n"
    assert post(client, file, "text/csv").json()["stored"] == 1
    answer = post(client, file.replace("1.5", "x"), "text/csv")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/line 2/quantity")


def test_nothing_sent_is_told_by_days(client):
    body = {"source": "meters", "lines": [], "first_day": "2026-03-05", "last_day": "2026-03-06"}
    assert post(client, body).json()["days"] == 2
    assert ControlDay.objects.filter(source="meters", line_count=0).count() == 2


WRONG = {
    "no json": ("{", "malformed_control"),
    "an event": ([DAY], "malformed_control"),
    "a field too many": ({**DAY, "color": "red"}, "malformed_control"),
    "a quantity as a fraction": ({**DAY, "lines": [{**LINE, "quantity": 1.5}]}, "malformed_control"),
    "lines and totals": ({**DAY, "totals": []}, "malformed_control"),
    "nothing and no days": ({"source": "meters", "lines": []}, "malformed_control"),
    "a first day only": ({**DAY, "first_day": "2026-03-05"}, "malformed_control"),
    "days back to front": (
        {**DAY, "first_day": "2026-03-06", "last_day": "2026-03-05"},
        "malformed_control",
    ),
    "a month for a day": ({**DAY, "first_day": "2026-03", "last_day": "2026-03"}, "malformed_control"),
    "no text": ({**DAY, "lines": [{**LINE, "id": "\0"}]}, "#/lines/0/id"),
    "a wrong hour": ({**DAY, "lines": [LINE, {**LINE, "hour": "noon"}]}, "#/lines/1/hour"),
    "an id twice": ({**DAY, "lines": [LINE, LINE]}, "#/lines/1/id"),
    "too many days": (
        {**DAY, "lines": [LINE, {**LINE, "id": "u-2", "hour": "2038-03-05T10:00:00Z"}]},
        "#",
    ),
}


@pytest.mark.parametrize(("body", "found"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_and_nothing_is_stored(client, body, found):
    answer = post(client, body)
    problem = answer.json()
    assert answer.status_code == 400
    assert found in (problem["code"], problem.get("errors", [{}])[0].get("pointer"))
    assert not ControlLine.objects.filter(source="meters").exists()


def test_a_body_of_any_length_is_not_read(client, settings):
    settings.EVENTS_MAX_BYTES = 10
    assert post(client, DAY).status_code == 413


def test_who_may_send(alder):
    assert post(client_of(key_of(alder.company, Scope.BILLING_READ)), DAY).status_code == 403
    root = Client()
    root.force_login(User.objects.create_superuser("root"))
    refused = post(root, DAY)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_days_are_listed_for_those_who_reach_them(client):
    listed = client.get(ADDRESS).json()["results"]
    assert [(row["company"], row["source"], row["line_count"]) for row in listed] == [
        ("alder", "alder-orders", 1)
    ]
    assert client.get(ADDRESS, {"source": "birch-orders"}).json()["results"] == []
