import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Account
from invoicing.models import BillRun, NumberSeries
from invoicing.services.bill_run_driving import drive_bill_run
from tests.factories.bill_runs import ask, bill, issued, now, office, policy, shown
from tests.factories.houses import operator_of

pytestmark = pytest.mark.django_db


def signed_in(company, role="billing admin"):
    client = Client()
    client.force_login(operator_of(company, role))
    return client


def page(client, run):
    return client.get(reverse("admin:invoicing_billrun_change", args=[run.pk])).content.decode()


def take(client, run, step):
    return client.post(reverse("admin:bill_run_step", args=[run.pk, step]), follow=True).content.decode()


def test_a_person_starts_a_run_sees_the_drafts_and_issues_them(north):
    client = signed_in(north)
    answer = client.post(
        reverse("admin:invoicing_billrun_add"),
        {"company": north.pk, "month": "2026-03", "cutoff": "2026-04-02 12:00", "then": "wait"},
    )
    run = BillRun.objects.get()
    assert answer.headers["Location"] == reverse("admin:invoicing_billrun_change", args=[run.pk])
    assert run.requested_by == client.get("/console/").wsgi_request.user
    assert "What changed most" not in page(client, run), "nothing is drafted yet"
    drive_bill_run(run_id=run.pk)
    text = page(client, run)
    for words in ("These are drafts", "35.70", "Draft again", "What changed most"):
        assert words in text
    take(client, run, "issue")
    drive_bill_run(run_id=run.pk)
    assert len(issued(north)) == 2
    assert "hq-IC-2026-00001" in page(client, run)


def test_a_month_that_is_not_over_is_refused_in_words(north):
    answer = signed_in(north).post(
        reverse("admin:invoicing_billrun_add"),
        {"company": north.pk, "month": "2026-03", "cutoff": "2026-03-02 12:00", "then": "wait"},
    )
    assert "2026-03 is not over at the cut-off" in answer.content.decode()
    assert not BillRun.objects.exists()


def test_bad_words_in_the_form_are_answered_in_words(north):
    client = signed_in(north)
    form = {"company": north.pk, "month": "2026-03", "then": "wait"}
    for changed, sentence in (
        ({"month": "march"}, "Write a month as 2026-03."),
        ({"month": "9999-12"}, "Ensure this value is less than or equal to 2199-12-01."),
        ({"cutoff": "yesterday"}, "Write an instant as 2026-04-02 12:00."),
        ({"cutoff": "2999-12-31 00:00"}, "The cut-off 2999-12-31 00:00 UTC lies ahead"),
        ({"issued_on": "2026-99-99"}, "Write a day as 2026-04-03."),
    ):
        answer = client.post(reverse("admin:invoicing_billrun_add"), {**form, **changed})
        assert (answer.status_code, sentence in answer.content.decode()) == (200, True), sentence
    assert not BillRun.objects.exists()


def test_who_started_a_run_cannot_approve_it_and_another_can(north):
    policy(north, needs_approval=True)
    starter, approver = operator_of(north, "finance"), signed_in(north, "approver")
    run = ask(north, requested_by=starter)
    drive_bill_run(run_id=run.pk)
    client = Client()
    client.force_login(starter)
    assert "wait for somebody else" in page(client, run)
    assert "not yours to take" in take(client, run, "issue")
    assert "Approve and issue" in page(approver, run)
    take(approver, run, "issue")
    assert now(run).state == "issuing"


def test_parked_accounts_and_warnings_are_shown_and_retried(north):
    policy(north, parks_incomplete=True)
    Account.objects.filter(code="a").update(address="")
    run = bill(north)
    client = signed_in(north)
    text = page(client, run)
    assert "a has no address: enter it, then retry the parked accounts." in text
    assert "1 accounts have no address: a." in text
    Account.objects.filter(code="a").update(address="Street 1")
    take(client, run, "retry_parked")
    drive_bill_run(run_id=run.pk)
    assert len(issued(north)) == 2


def test_a_run_is_paused_and_resumed(north):
    client, run = signed_in(north), ask(north)
    take(client, run, "pause")
    assert now(run).state == "paused"
    take(client, run, "resume")
    assert now(run).state == "requested"


def test_support_sees_a_run_and_takes_no_step(north):
    client, run = signed_in(north, "support"), shown(north)
    assert '<form method="post" action="/console/invoicing/billrun' not in page(client, run)
    assert "not yours to take" in take(client, run, "issue")
    assert client.get(reverse("admin:invoicing_billrun_add")).status_code == 403


def test_the_run_of_another_company_is_not_there(north):
    run = ask(office("south", accounts=["s"]))
    client = signed_in(north)
    assert client.get(reverse("admin:invoicing_billrun_change", args=[run.pk])).status_code == 302
    assert client.post(reverse("admin:bill_run_step", args=[run.pk, "pause"])).status_code == 404


def test_the_list_of_series_tells_gaps(north):
    bill(north)
    client = signed_in(north)
    address = reverse("admin:invoicing_numberseries_changelist")
    assert "without gaps" in client.get(address).content.decode()
    NumberSeries.objects.filter(company=north).update(last_number=4)
    assert "missing: 3, 4" in client.get(address).content.decode()
