"""What runs find lives as work: once, until a run does not find it any more."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from reconciliation.models import Finding, ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.finding_work import take_finding_step
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import MARCH, bill, office, use
from tests.factories.houses import operator_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
Level = ReconciliationRun.Level


@pytest.fixture
def north():
    """100 GB at 1 EUR: 100 EUR net, 119 gross; one EUR is 1.0845 USD."""
    company = office(accounts=["a"])
    use("a", "100")
    bill(company)
    return company


def compare(north, *, days=0, level=Level.BILLING_TO_FINANCE):
    reconcile(company=north, month=MARCH, level=level, at=AT + days * DAY)


def booked(north, amount):
    record_finance_totals(company=north, month=MARCH, totals={"a": Decimal(amount)} if amount else {})


def history(finding):
    return [(change.what, change.state) for change in finding.changes.all()]


def test_a_difference_is_one_finding_whatever_number_of_runs_see_it(north):
    for days in range(3):
        compare(north, days=days)
    finding = Finding.objects.get()
    assert (finding.kind, finding.state, finding.key) == ("missing", "open", "a")
    assert (finding.first, finding.second, finding.difference) == (Decimal(119), None, Decimal(119))
    # 119 x 1.0845 = 129.0555
    assert (finding.money_at_risk, finding.currency) == (Decimal("129.06"), "USD")
    assert (finding.opened_at, finding.seen_at) == (AT, AT + 2 * DAY)
    assert history(finding) == [("found", "open")]


def test_the_next_run_closes_what_is_gone_and_opens_what_comes_back(north):
    compare(north)
    booked(north, "119.00")
    compare(north, days=1)
    finding = Finding.objects.get()
    assert (finding.state, finding.closed_at) == ("fixed", AT + DAY)
    compare(north, days=2)
    booked(north, None)
    compare(north, days=3)
    finding.refresh_from_db()
    assert (finding.state, finding.closed_at, finding.opened_at) == ("open", None, AT + 3 * DAY)
    assert history(finding) == [("found", "open"), ("gone", "fixed"), ("came_back", "open")]


def test_what_was_accepted_stays_so_until_it_is_another_difference(north):
    compare(north)
    person = operator_of(north, "finance")
    finding = Finding.objects.get()
    take_finding_step(finding_id=finding.pk, step="accept", by=person, at=AT, reason="Written off.")
    compare(north, days=1)
    finding.refresh_from_db()
    assert finding.state == "accepted"
    booked(north, "118.00")
    compare(north, days=2)
    finding.refresh_from_db()
    assert (finding.state, finding.kind, finding.difference) == ("open", "price", Decimal(1))
    assert history(finding) == [("found", "open"), ("accept", "accepted"), ("changed", "open")]
    assert [change.by for change in finding.changes.all()] == ["", "north-finance", ""]


def test_an_older_run_changes_nothing(north):
    compare(north, days=1)
    booked(north, "119.00")
    compare(north)
    finding = Finding.objects.get()
    assert (finding.state, finding.seen_at) == ("open", AT + DAY)


def test_a_late_event_within_grace_is_late_and_then_a_missing_quantity(north):
    """10 GB of March come at noon on 3 April, after the cut-off: worth 10 EUR, 10.85 USD (10.845)."""
    use("a", "10", received_at=datetime(2026, 4, 3, 12, tzinfo=UTC))
    compare(north, level=Level.STREAM_TO_BILLING)
    finding = Finding.objects.get()
    assert (finding.kind, finding.unit, finding.difference) == ("late", "GB", Decimal(10))
    assert finding.money_at_risk == Decimal("10.85")
    compare(north, level=Level.STREAM_TO_BILLING, days=3)
    finding.refresh_from_db()
    assert finding.kind == "quantity"
    assert history(finding) == [("found", "open")]


def test_levels_and_months_are_apart(north):
    use("a", "10", received_at=datetime(2026, 4, 3, 12, tzinfo=UTC))
    compare(north, level=Level.STREAM_TO_BILLING)
    compare(north, level=Level.PRIMARY_TO_SECONDARY)
    compare(north, level=Level.BILLING_TO_FINANCE)
    assert Finding.objects.count() == 3
    booked(north, "119.00")
    compare(north, level=Level.BILLING_TO_FINANCE, days=1)
    assert sorted(Finding.objects.filter(closed_at=None).values_list("level", flat=True)) == [
        "primary_to_secondary",
        "stream_to_billing",
    ]
