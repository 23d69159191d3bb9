"""The jobs find their own work: each company once a day, after the others had time to tell theirs."""

from datetime import UTC, datetime

import pytest
from celery import current_app

from billing_site.common import clock
from billing_site.schedule import SCHEDULE
from reconciliation import tasks
from reconciliation.models import ReconciliationRun
from reconciliation.services.requests import request_reconciliation
from tests.factories.bill_runs import APRIL, MARCH, bill, office, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """Run jobs at once, at an hour of 4 April."""
    current_app.conf.task_always_eager = True
    yield lambda hour: monkeypatch.setattr(clock, "now", lambda: datetime(2026, 4, 4, hour, tzinfo=UTC))
    current_app.conf.task_always_eager = False


@pytest.fixture
def north():
    company = office(accounts=["a"])
    use("a", "100")
    bill(company)
    return company


def test_every_company_has_its_runs_once_a_day_after_four(north, at):
    at(3)
    assert tasks.reconcile_daily() == 0
    at(4)
    assert tasks.reconcile_daily() == 1
    runs = ReconciliationRun.objects.count()
    assert runs == 5
    at(5)
    tasks.reconcile_daily()
    assert ReconciliationRun.objects.count() == runs


def test_what_was_asked_for_is_made_by_the_schedule_too(north, at):
    """The message of the commit was lost."""
    at(9)
    days = {"starts_on": MARCH, "ends_on": APRIL, "levels": ["rated_to_invoiced"]}
    request_reconciliation(company=north, **days, requested_by=None, requested_at=clock.now())
    assert tasks.reconcile_requests() == 1
    assert tasks.reconcile_requests() == 0
    assert ReconciliationRun.objects.get().compared == 1


def test_the_schedule_names_them():
    scheduled = {entry["task"] for entry in SCHEDULE.values()}
    assert {"reconciliation.tasks.reconcile_daily", "reconciliation.tasks.reconcile_requests"} <= scheduled
