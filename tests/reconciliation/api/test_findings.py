"""Findings by API: listed within reach, moved on, commented, assigned, fixed."""

import pytest

from reconciliation.models import Finding
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
LIST = "/api/v1/findings"


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def own(alder):
    return Finding.objects.get(company=alder.company)


def post(alder, finding, what, body=None):
    return client_of(alder.key).post(
        f"{LIST}/{finding.pk}/{what}", body or {}, content_type="application/json"
    )


def test_a_list_within_reach_with_filters(alder, own):
    client = client_of(alder.key)
    (row,) = client.get(LIST).json()["results"]
    assert (row["id"], row["company"], row["account"], row["kind"]) == (own.pk, "alder", "alder-1", "missing")
    assert (row["difference"], row["money_at_risk"], row["currency"]) == ("1.5", "0.15", "USD")
    for query, count in {
        "month=2023-09&level=received_to_rated": 1,
        "is_fixed=false&state=open": 1,
        "is_fixed=true": 0,
        "account=alder-1": 1,
        "owner=nobody": 0,
    }.items():
        assert len(client.get(f"{LIST}?{query}").json()["results"]) == count, query
    assert client.get(f"{LIST}?company=birch").status_code == 404


def test_a_step_needs_its_reason_and_its_state(alder, own):
    refused = post(alder, own, "steps/accept")
    assert (refused.status_code, refused.json()["code"]) == (400, "reason_missing")
    taken = post(alder, own, "steps/accept", {"reason": "Below a cent."}).json()
    assert (taken["state"], taken["changes"][-1]["text"]) == ("accepted", "Below a cent.")
    assert taken["changes"][-1]["by"] == "key key of alder"
    again = post(alder, own, "steps/accept", {"reason": "Again."})
    assert (again.status_code, again.json()["code"]) == (409, "finding_state")
    assert post(alder, own, "steps/close").status_code == 404


def test_comments_and_owners_are_kept(alder, own):
    assert post(alder, own, "comments", {"text": " "}).status_code == 400
    assert post(alder, own, "comments", {"text": "Asked the team."}).json()["changes"][-1]["text"] == (
        "Asked the team."
    )
    assert post(alder, own, "owner", {"owner": "birch-operator"}).json()["code"] == "not_an_owner"
    for _ in range(2):
        answer = post(alder, own, "owner", {"owner": "alder-operator"}).json()
    assert answer["owner"] == "alder-operator"
    assert [change["what"] for change in answer["changes"]] == ["found", "comment", "assign"]


def test_a_fix_that_does_nothing_about_it_is_a_conflict(alder, own):
    assert post(alder, own, "fixes/rate_again").json()["changes"][-1]["what"] == "rate_again"
    refused = post(alder, own, "fixes/credit")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_such_fix")
    assert post(alder, own, "fixes/magic").status_code == 404


def test_a_stranger_s_finding_does_not_exist_and_reading_is_not_writing(alder, own):
    foreign = Finding.objects.get(company__code="birch")
    assert post(alder, foreign, "steps/investigate").status_code == 404
    reader = client_of(key_of(alder.company, "billing:read"))
    assert reader.get(f"{LIST}/{own.pk}").status_code == 200
    assert reader.post(f"{LIST}/{own.pk}/steps/investigate").status_code == 403
    of_account = client_of(key_of(alder.company, "billing:read", account=alder.account))
    assert of_account.get(LIST).json()["results"] == []
