from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from catalogue.models import Account, Product, User
from catalogue.services.accounts import open_account
from invoicing.domain.bill_run_states import CannotTakeStep
from invoicing.models import (
    InterCompanyDocument,
    Invoice,
)
from invoicing.selectors.bill_runs import account_counts
from invoicing.services.bill_run_driving import drive_bill_run
from invoicing.services.bill_runs import (
    MonthNotOver,
    NeedsAnotherPerson,
    draft_bill_run_again,
    issue_bill_run,
    pause_bill_run,
    request_due_bill_runs,
    resume_bill_run,
    start_bill_run,
)
from metering.models import AccountPeriod
from metering.services.ordering import cancel_order, place_order
from tests.factories.bill_runs import (
    ISSUED_ON,
    MARCH,
    ask,
    bill,
    issued,
    now,
    policy,
    shown,
    states,
    use,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, tzinfo=UTC)


def test_a_run_issues_in_order_of_the_codes_and_says_what_became_of_each(north):
    run = bill(north)
    assert run.state == "issued"
    assert issued(north) == [("north-2026-00001", "a", "10.00"), ("north-2026-00002", "b", "20.00")]
    assert states(run) == {"a": "issued", "b": "issued", "c": "nothing_to_bill"}
    assert account_counts(run_id=run.pk) == {
        "pending": 0,
        "drafted": 0,
        "issued": 2,
        "nothing_to_bill": 1,
        "parked": 0,
    }


def test_run_again_it_changes_nothing(north):
    bill(north)
    before = list(Invoice.objects.order_by("number").values())
    use("a", "5")
    run = bill(north, issued_on=date(2026, 4, 9))
    assert list(Invoice.objects.order_by("number").values()) == before
    assert (run.state, run.issued_on) == ("issued", ISSUED_ON)
    assert InterCompanyDocument.objects.count() == 1


def test_a_customer_that_moves_changes_nothing_that_is_issued(north):
    bill(north)
    Account.objects.filter(code="a").update(name="Another", address="Elsewhere 1")
    bill(north)
    buyer = Invoice.objects.get(account__code="a").buyer
    assert (buyer["name"], buyer["address"]) == ("a", "Mühlenstraße 44\n20459 Hamburg")


def test_an_account_that_was_opened_since_is_issued_by_the_same_run(north):
    bill(north)
    open_account(code="aa", company=north)
    use("aa", "7")
    bill(north, issued_on=date(2026, 4, 9))
    assert issued(north)[-1] == ("north-2026-00003", "aa", "7.00")


def test_an_issued_month_is_sealed(north):
    bill(north)
    assert set(AccountPeriod.objects.values_list("is_sealed", flat=True)) == {True}
    with pytest.raises(DatabaseError, match="is closed and cannot change"), transaction.atomic():
        AccountPeriod.objects.update(cutoff=None, is_sealed=False)


def test_a_run_cannot_be_drafted_again_once_it_is_issued(north):
    with pytest.raises(CannotTakeStep, match="is issued, so nobody can draft again it"):
        draft_bill_run_again(run=bill(north))


def test_an_order_that_is_cancelled_while_its_run_is_queued_is_billed_once(north):
    """EC64: 31.00 a month, ended after 15 of 31 days: one invoice of 15.00, whichever of both comes first."""
    server = Product.objects.create(sku="SERVER", unit="month", kind="recurring", cycle="monthly")
    order = place_order(
        account=Account.objects.get(code="c"),
        code="server-1",
        product=server,
        started_on=MARCH,
        unit_price=Decimal(31),
        now=AT,
    )
    run = ask(north)
    cancel_order(order=order, ended_on=date(2026, 3, 16), now=AT)
    for _ in range(2):
        drive_bill_run(run_id=run.pk)
    assert [invoice for invoice in issued(north) if invoice[1] == "c"] == [("north-2026-00003", "c", "15.00")]
    cancel_order(order=order, ended_on=date(2026, 3, 16), now=AT)
    bill(north)
    assert len(issued(north)) == 3


def start(company, cutoff):
    return start_bill_run(company=company, month=MARCH, cutoff=cutoff, issued_on=ISSUED_ON, at=AT)


def test_a_month_that_is_not_over_is_refused(north):
    with pytest.raises(MonthNotOver, match="2026-03 is not over"):
        start(north, datetime(2026, 3, 31, 21, 59, tzinfo=UTC))
    assert start(north, datetime(2026, 3, 31, 22, tzinfo=UTC)).state == "requested"


class TestApproval:
    @pytest.fixture
    def people(self):
        return [User.objects.create_user(name) for name in ("ann", "bob")]

    def test_somebody_else_has_to_issue(self, north, people):
        policy(north, needs_approval=True)
        ann, bob = people
        run = ask(north, requested_by=ann)
        drive_bill_run(run_id=run.pk)
        assert now(run).state == "drafted", "a run that needs an approval waits, whatever was asked for"
        for person in (ann, None):
            with pytest.raises(NeedsAnotherPerson, match="somebody else than ann has to issue north 2026-03"):
                issue_bill_run(run=run, person=person, at=AT)
        issue_bill_run(run=run, person=bob, at=AT)
        drive_bill_run(run_id=run.pk)
        assert (now(run).state, run.approved_by, run.approved_at) == ("issued", bob, AT)

    def test_drafts_that_are_made_again_are_approved_again(self, north, people):
        policy(north, needs_approval=True)
        ann, bob = people
        run = ask(north, requested_by=ann)
        drive_bill_run(run_id=run.pk)
        issue_bill_run(run=run, person=bob, at=AT)
        pause_bill_run(run=run)
        draft_bill_run_again(run=run)
        drive_bill_run(run_id=run.pk)
        assert (now(run).state, run.approved_by) == ("drafted", None)


class TestPausing:
    def test_a_paused_run_does_nothing_until_it_is_resumed(self, north):
        run = ask(north)
        pause_bill_run(run=run)
        drive_bill_run(run_id=run.pk)
        assert (now(run).state, states(run)) == ("paused", {})
        resume_bill_run(run=run)
        drive_bill_run(run_id=run.pk)
        assert (now(run).state, len(issued(north))) == ("issued", 2)

    def test_paused_before_issuing_it_waits_for_a_person_again(self, north):
        run = shown(north)
        issue_bill_run(run=run, person=None, at=AT)
        pause_bill_run(run=run)
        drive_bill_run(run_id=run.pk)
        assert issued(north) == []
        resume_bill_run(run=run)
        drive_bill_run(run_id=run.pk)
        assert (now(run).state, issued(north)) == ("drafted", [])


class TestBillingDay:
    def test_the_run_is_asked_for_on_the_day_and_once(self, north):
        policy(north, billing_day=3)
        before, on = datetime(2026, 4, 2, 21, 59, tzinfo=UTC), datetime(2026, 4, 2, 22, tzinfo=UTC)
        assert request_due_bill_runs(at=before) == []
        (run,) = request_due_bill_runs(at=on)
        assert (run.company, run.month, run.cutoff, run.issued_on) == (north, MARCH, on, date(2026, 4, 3))
        assert request_due_bill_runs(at=on) == []
        drive_bill_run(run_id=run.pk)
        assert now(run).state == "drafted"

    def test_fully_automatic_where_the_company_says_so(self, north):
        policy(north, billing_day=3, is_automatic=True)
        (run,) = request_due_bill_runs(at=AT)
        drive_bill_run(run_id=run.pk)
        assert (now(run).state, run.issued_on) == ("issued", date(2026, 4, 4))

    def test_without_a_billing_day_nothing_starts_by_itself(self, north):
        policy(north)
        assert request_due_bill_runs(at=AT) == []


def test_the_invoice_keeps_the_exchange_rates_of_its_day(north):
    bill(north)
    listed = {"base": "EUR", "quote": "USD", "rate": "1.0845", "rated_on": "2026-04-02", "source": "ECB"}
    assert Invoice.objects.first().exchange_rates == {"USD": {"rate": "1.0845", "legs": [listed]}}
