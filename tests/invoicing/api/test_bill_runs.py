import pytest

from catalogue.models import Account, Scope
from invoicing.models import BillRun
from invoicing.services.bill_run_driving import drive_bill_run
from tests.factories.bill_runs import CUTOFF, ISSUED_ON, ask, bill, issued, now, office, policy, shown
from tests.factories.houses import client_of, key_of

pytestmark = pytest.mark.django_db
BODY = {
    "company": "north",
    "month": "2026-03",
    "cutoff": CUTOFF.isoformat(),
    "issued_on": ISSUED_ON.isoformat(),
}


@pytest.fixture
def client(north):
    return client_of(key_of(north, Scope.BILLING_READ, Scope.BILLING_WRITE))


def post(client, address, **body):
    return client.post(f"/api/v1/{address}", body, content_type="application/json")


def test_a_run_is_asked_for_shown_and_issued(north, client):
    answer = post(client, "bill-runs", **BODY, issues_by_itself=False)
    assert (answer.status_code, answer.json()["state"]) == (202, "requested")
    address = f"bill-runs/{answer.json()['id']}"
    drive_bill_run(run_id=answer.json()["id"])
    run = client.get(f"/api/v1/{address}").json()
    assert run["accounts"] == {"pending": 0, "drafted": 2, "issued": 0, "nothing_to_bill": 1, "parked": 0}
    assert (run["state"], run["warnings"], run["steps"]) == ("drafted", [], ["issue", "draft_again", "pause"])
    drafts = client.get(f"/api/v1/{address}/drafts").json()["results"]
    assert [(draft["account"], draft["number"], draft["gross_amount"]) for draft in drafts] == [
        ("a", None, "11.9"),
        ("b", None, "23.8"),
    ]
    draft = client.get(f"/api/v1/{address}/drafts/a").json()
    assert [line["net_amount"] for line in draft["lines"]] == ["10"]
    assert client.get(f"/api/v1/{address}/drafts/c").status_code == 404
    answer = post(client, f"{address}/steps/issue")
    assert (answer.status_code, answer.json()["state"]) == (202, "issuing")
    drive_bill_run(run_id=run["id"])
    assert len(issued(north)) == 2


def test_a_step_that_the_state_does_not_allow_is_a_conflict(north, client):
    run = bill(north)
    answer = post(client, f"bill-runs/{run.pk}/steps/pause")
    assert (answer.status_code, answer.json()["code"]) == (409, "bill_run_state")
    assert post(client, f"bill-runs/{run.pk}/steps/begin").status_code == 404


def test_a_key_cannot_approve(north, client):
    policy(north, needs_approval=True)
    run = shown(north)
    assert post(client, f"bill-runs/{run.pk}/steps/issue").status_code == 403
    assert now(run).state == "drafted"


def test_a_month_that_is_not_over_is_refused(client):
    answer = post(client, "bill-runs", **{**BODY, "cutoff": "2026-03-15T00:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (400, "month_not_over")


@pytest.mark.parametrize(
    "body, code",
    [
        pytest.param({"month": "2199-12", "cutoff": "2200-01-05T00:00:00Z"}, "cutoff_ahead", id="ahead"),
        pytest.param({"cutoff": "9999-12-31T23:59:59Z"}, "cutoff_ahead", id="the end of time"),
        pytest.param({"issued_on": "2026-03-31"}, "invalid_issue_day", id="issued before its end"),
        pytest.param({"issued_on": "2199-01-01"}, "invalid_issue_day", id="issued in future"),
        pytest.param({"month": "9999-12"}, "invalid", id="no next month"),
        pytest.param({"month": "0001-01"}, "invalid", id="before all"),
        pytest.param({"issue_by_itself": False}, "invalid", id="misspelt"),
    ],
)
def test_what_cannot_be_meant_is_refused(client, body, code):
    answer = post(client, "bill-runs", **{**BODY, **body})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not BillRun.objects.exists()


def test_drafting_again_takes_no_cut_off_that_lies_ahead(north, client):
    run = shown(north)
    for body, code in (
        ({"cutoff": "2199-01-01T00:00:00Z"}, "cutoff_ahead"),
        ({"cut_off": CUTOFF.isoformat()}, "invalid"),
    ):
        answer = post(client, f"bill-runs/{run.pk}/steps/draft_again", **body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert (now(run).state, now(run).cutoff) == ("drafted", CUTOFF)


def test_why_an_account_is_parked_and_what_changed(north, client):
    policy(north, parks_incomplete=True)
    Account.objects.filter(code="a").update(address="")
    run = bill(north)
    parked = client.get(f"/api/v1/bill-runs/{run.pk}/accounts?state=parked").json()["results"]
    assert parked == [
        {
            "account": "a",
            "state": "parked",
            "reason": "a has no address: enter it, then retry the parked accounts.",
        }
    ]
    variance = client.get(f"/api/v1/bill-runs/{run.pk}/variance").json()
    assert [(row["account"], row["now_amount"], row["percent"]) for row in variance] == [
        ("b", "20", None),
        ("a", "10", None),
    ]


def test_a_reading_key_takes_no_step(north):
    run = ask(north)
    reader = client_of(key_of(north, Scope.BILLING_READ))
    assert post(reader, f"bill-runs/{run.pk}/steps/pause").status_code == 403


def test_the_runs_of_others_are_not_there(north, client):
    run = ask(office("south", accounts=["s"]))
    for part in ("", "/accounts", "/drafts", "/variance"):
        assert client.get(f"/api/v1/bill-runs/{run.pk}{part}").status_code == 404
    assert post(client, f"bill-runs/{run.pk}/steps/pause").status_code == 404


def test_the_series_are_proven(north, client):
    bill(north)
    (series,) = client.get("/api/v1/number-series").json()["results"]
    assert series == {
        "company": "north",
        "kind": "invoice",
        "year": 2026,
        "last_number": 2,
        "documents": 2,
        "missing": [],
        "surplus": [],
        "is_contiguous": True,
    }
