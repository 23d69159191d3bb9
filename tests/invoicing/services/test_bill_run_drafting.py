from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from catalogue.models import Account, Promotion
from invoicing.models import (
    Invoice,
    InvoiceLine,
)
from invoicing.services.bill_run_driving import drive_bill_run
from invoicing.services.bill_runs import (
    draft_bill_run_again,
    issue_bill_run,
    retry_parked_accounts,
)
from metering.services.rating import rate_stale_periods
from tests.factories.bill_runs import (
    APRIL,
    CUTOFF,
    MARCH,
    bill,
    issued,
    now,
    policy,
    shown,
    states,
    use,
    void,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, tzinfo=UTC)


def test_drafts_are_shown_without_numbers_and_wait(north):
    run = shown(north)
    assert run.state == "drafted"
    assert issued(north) == []
    drafts = Invoice.objects.filter(state="draft").order_by("account__code")
    assert [(d.number, f"{d.gross_amount:.2f}") for d in drafts] == [(None, "11.90"), (None, "23.80")]
    assert states(run) == {"a": "drafted", "b": "drafted", "c": "nothing_to_bill"}
    issue_bill_run(run=run, person=None, at=AT)
    drive_bill_run(run_id=run.pk)
    assert now(run).state == "issued"
    assert [number for number, *_ in issued(north)] == ["north-2026-00001", "north-2026-00002"]


def test_drafts_are_made_again_with_what_was_entered_since(north):
    run = shown(north)
    ids = set(Invoice.objects.values_list("pk", flat=True))
    use("a", "5")
    use("c", "3")
    draft_bill_run_again(run=run)
    drive_bill_run(run_id=run.pk)
    drafts = Invoice.objects.filter(state="draft").order_by("account__code")
    assert [f"{draft.net_amount:.2f}" for draft in drafts] == ["15.00", "20.00", "3.00"]
    assert ids < {draft.pk for draft in drafts}, "a draft keeps its id"
    assert InvoiceLine.objects.count() == 3


def test_what_was_received_after_the_cut_off_is_on_no_draft_and_on_the_next_invoice(north):
    run = shown(north)
    use("a", "5", received_at=datetime(2026, 4, 2, 12, 0, 1, tzinfo=UTC))
    draft_bill_run_again(run=run)
    drive_bill_run(run_id=run.pk)
    assert f"{Invoice.objects.get(account__code='a').net_amount:.2f}" == "10.00"
    issue_bill_run(run=now(run), person=None, at=AT)
    drive_bill_run(run_id=run.pk)
    bill(north, month=APRIL, cutoff=datetime(2026, 5, 2, tzinfo=UTC), issued_on=date(2026, 5, 3))
    assert issued(north)[-1] == ("north-2026-00003", "a", "5.00")


def test_a_later_cut_off_takes_in_what_came_meanwhile(north):
    run = shown(north)
    use("a", "5", received_at=datetime(2026, 4, 3, tzinfo=UTC))
    draft_bill_run_again(run=run, cutoff=datetime(2026, 4, 4, tzinfo=UTC))
    drive_bill_run(run_id=run.pk)
    assert f"{Invoice.objects.get(account__code='a').net_amount:.2f}" == "15.00"


class TestParking:
    @pytest.fixture
    def parked(self, north):
        policy(north, parks_incomplete=True)
        Account.objects.filter(code="a").update(address="")
        use("c", "30")
        return bill(north)

    def test_a_parked_account_holds_up_nobody(self, north, parked):
        assert states(parked) == {"a": "parked", "b": "issued", "c": "issued"}
        assert issued(north) == [("north-2026-00001", "b", "20.00"), ("north-2026-00002", "c", "30.00")]
        reason = parked.accounts.get(state="parked").reason
        assert reason == "a has no address: enter it, then retry the parked accounts."

    def test_retried_it_gets_the_next_number_and_nothing_else_changes(self, north, parked):
        before = list(Invoice.objects.filter(state="issued").order_by("number").values())
        Account.objects.filter(code="a").update(address="Street 1")
        assert retry_parked_accounts(run=parked, cutoff=CUTOFF, issued_on=date(2026, 4, 9)) == 1
        drive_bill_run(run_id=parked.pk)
        assert list(Invoice.objects.filter(state="issued").order_by("number").values())[:2] == before
        late = Invoice.objects.get(account__code="a")
        assert (late.number, late.issued_on, late.buyer["address"]) == (
            "north-2026-00003",
            date(2026, 4, 9),
            "Street 1",
        )

    def test_retried_in_vain_it_stays_parked(self, north, parked):
        bill(north)
        assert states(parked)["a"] == "parked"
        assert len(issued(north)) == 2

    def test_one_account_that_breaks_is_parked_alone(self, north):
        """The database refuses a line of b, as it would one that breaks a rule."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE invoicing_invoiceline ADD CONSTRAINT of_b CHECK (net_amount < 500)")
        use("b", "600", at=datetime(2026, 3, 5, tzinfo=UTC))
        run = bill(north)
        assert states(run) == {"a": "issued", "b": "parked", "c": "nothing_to_bill"}
        reason = run.accounts.get(state="parked").reason
        assert reason.startswith("It could not be drafted: new row for relation")
        assert "of_b" in reason
        assert issued(north) == [("north-2026-00001", "a", "10.00")]


class TestTotals:
    def test_a_total_of_zero_is_issued(self, north):
        Promotion.objects.create(
            company=north, code="ALL", percent=Decimal(100), valid_from=MARCH
        ).accounts.add(Account.objects.get(code="a"))
        bill(north)
        assert issued(north)[0] == ("north-2026-00001", "a", "0.00")

    def test_a_negative_total_is_issued(self, north):
        """A record of March is voided after March was billed: April's invoice gives the money back."""
        bill(north)
        void("a")
        bill(north, month=APRIL, cutoff=datetime(2026, 5, 2, tzinfo=UTC), issued_on=date(2026, 5, 3))
        assert issued(north)[-1] == ("north-2026-00003", "a", "-10.00")


def test_limited_promotions_go_to_the_first_codes_whatever_the_shards(north, monkeypatch):
    """Three accounts, each in a shard of its own, and two redemptions."""
    monkeypatch.setattr("invoicing.services.bill_run_drafting.ACCOUNTS_AT_ONCE", 1)
    use("c", "30")
    twice = Promotion.objects.create(
        company=north, code="TWICE", percent=Decimal(10), valid_from=MARCH, max_redemptions=2
    )
    twice.accounts.set(Account.objects.all())
    run = shown(north)
    assert [f"{draft.net_amount:.2f}" for draft in Invoice.objects.order_by("account__code")] == [
        "10.00",
        "20.00",
        "30.00",
    ], "drafts do without limited promotions"
    issue_bill_run(run=run, person=None, at=AT)
    drive_bill_run(run_id=run.pk)
    assert [net for *_, net in issued(north)] == ["9.00", "18.00", "30.00"]
    twice.refresh_from_db()
    assert twice.redemptions == 2


def test_rating_in_the_background_leaves_drafts_alone(north):
    run = shown(north)
    use("a", "5", received_at=datetime(2026, 4, 3, tzinfo=UTC))
    rate_stale_periods(as_of=datetime(2026, 4, 3, tzinfo=UTC))
    issue_bill_run(run=run, person=None, at=AT)
    drive_bill_run(run_id=run.pk)
    assert issued(north)[0] == ("north-2026-00001", "a", "10.00")
