"""By the clock, and when somebody asks: every company, once a day, whoever is killed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reconciliation.models import ReconciliationRequest, ReconciliationRun
from reconciliation.selectors.schedule import companies_with_accounts, waiting_requests
from reconciliation.services.control_totals import ToldDays, take_control
from reconciliation.services.daily import reconcile_daily
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.requests import CannotReconcile, answer_request, request_reconciliation
from tests.factories.bill_runs import APRIL, MARCH, bill, office, use

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 4, 4, 6, tzinfo=UTC)
Level = ReconciliationRun.Level


@pytest.fixture
def north():
    company = office(accounts=["a", "b"])
    use("a", "100")
    use("b", "20")
    bill(company)
    return company


def made(runs):
    return [(run.level, run.starts_on, run.ends_on, run.compared) for run in runs]


def test_of_a_day_what_can_be_compared_is_compared_once(north):
    runs = reconcile_daily(company_id=north.pk, at=MORNING)
    assert made(runs) == [
        (Level.RECEIVED_TO_RATED, APRIL, date(2026, 5, 1), 0),
        (Level.RECEIVED_TO_RATED, MARCH, APRIL, 2),
        (Level.RATED_TO_INVOICED, MARCH, APRIL, 2),
        (Level.STREAM_TO_BILLING, MARCH, APRIL, 2),
        (Level.PRIMARY_TO_SECONDARY, MARCH, APRIL, 2),
    ]
    assert [run for run in runs if run.discrepancies.exists()] == []
    assert reconcile_daily(company_id=north.pk, at=MORNING.replace(hour=23)) == []
    assert len(reconcile_daily(company_id=north.pk, at=MORNING.replace(day=5))) == 5


def test_what_a_killed_worker_left_is_made_up_for(north):
    """Its last part was not committed."""
    reconcile_daily(company_id=north.pk, at=MORNING)
    ReconciliationRun.objects.filter(month=MARCH).delete()
    assert len(reconcile_daily(company_id=north.pk, at=MORNING)) == 4


def test_other_systems_are_compared_from_when_they_sent_something(north):
    record_finance_totals(company=north, month=MARCH, totals={"a": Decimal("119.00")})
    told = ToldDays("orders", date(2026, 4, 3), date(2026, 4, 3))
    take_control(company=north, kind="lines", lines=[], told=told, received_at=MORNING)
    runs = made(reconcile_daily(company_id=north.pk, at=MORNING))
    assert runs[:2] == [
        (Level.STREAM_TO_RECEIVED, MARCH, APRIL, 0),
        (Level.STREAM_TO_RECEIVED, APRIL, date(2026, 4, 4), 0),
    ]
    assert (Level.BILLING_TO_FINANCE, MARCH, APRIL, 2) in runs


def test_an_open_month_is_compared_as_far_as_it_is_rated(north):
    from metering.services.mediation import mediate_waiting
    from metering.services.rating import rate_stale_periods

    use("a", "7", at=datetime(2026, 4, 2, tzinfo=UTC), received_at=datetime(2026, 4, 2, 1, tzinfo=UTC))
    mediate_waiting(now=datetime(2026, 4, 3, tzinfo=UTC))
    rate_stale_periods(as_of=datetime(2026, 4, 3, tzinfo=UTC))
    (april,) = [run for run in reconcile_daily(company_id=north.pk, at=MORNING) if run.month == APRIL]
    assert (april.compared, april.discrepancies.count()) == (1, 0)


def test_every_company_that_sells_has_its_turn(north):
    office("south", accounts=["d"])
    assert len(companies_with_accounts()) == 2


def ask(company, **more):
    days = {"starts_on": MARCH, "ends_on": APRIL, "levels": [], **more}
    return request_reconciliation(company=company, **days, requested_by=None, requested_at=MORNING)


def test_a_wish_is_answered_once(north, django_capture_on_commit_callbacks):
    request = ask(north, levels=[Level.RATED_TO_INVOICED], tolerance=1)
    assert ask(north, levels=[Level.RATED_TO_INVOICED], tolerance=1) == request
    assert waiting_requests() == [request.pk]
    (run,) = answer_request(request_id=request.pk, at=MORNING)
    assert (run.request, run.tolerance, run.compared, run.scheduled_on) == (request, 1, 2, None)
    assert answer_request(request_id=request.pk, at=MORNING) == []
    assert waiting_requests() == []
    request.refresh_from_db()
    assert request.done_at == MORNING


def test_without_levels_all_are_meant(north):
    assert ask(north).levels == Level.values


@pytest.mark.parametrize("ends_on", [MARCH, date(2028, 1, 1)], ids=["no day", "two years"])
def test_days_that_cannot_be_compared_are_refused(north, ends_on):
    with pytest.raises(CannotReconcile, match="at least one and at most 366"):
        ask(north, ends_on=ends_on)
    assert not ReconciliationRequest.objects.exists()
