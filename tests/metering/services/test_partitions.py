from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from catalogue.models import Company
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.models import AccountPeriod, LifecycleEvent, Resource
from metering.services.partitions import CannotDetach, detach_month, ensure_month_partitions

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)
LATER = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def resource() -> Resource:
    """vm-1, which has ended."""
    head_office = open_company(code="hq", name="hq", country="US", currency="USD", timezone="UTC")
    created = datetime(2026, 3, 1, tzinfo=UTC)
    return Resource.objects.create(
        head_office=head_office, name="vm-1", state="ended", created_at=created, ended_at=LATER
    )


def event_at(instant: str) -> None:
    LifecycleEvent.objects.create(
        batch_id=1,
        head_office_id=Company.objects.values_list("pk", flat=True).first() or 1,
        company_id=1,
        source="orders",
        event_id=instant,
        time=datetime.fromisoformat(instant),
        received_at=datetime.fromisoformat(instant),
        resource="vm-1",
        type="stopped",
    )


def rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_rows_that_came_before_their_partition_move_into_it():
    event_at("2026-03-31T23:59:59Z")
    event_at("2026-04-01T00:00:00Z")

    assert ensure_month_partitions(first=MARCH, months=1) == 3

    assert rows_in("metering_lifecycleevent_2026_03") == 1
    assert rows_in("metering_lifecycleevent_default") == 1
    assert LifecycleEvent.objects.count() == 2


def test_a_second_run_makes_none():
    assert ensure_month_partitions(first=MARCH, months=4) == 12
    assert ensure_month_partitions(first=MARCH, months=4) == 0


def test_a_detached_month_is_a_table_of_its_own(resource):
    ensure_month_partitions(first=MARCH, months=1)
    event_at("2026-03-05T00:00:00Z")

    assert detach_month(table="metering_lifecycleevent", month=MARCH)

    assert LifecycleEvent.objects.count() == 0
    assert rows_in("metering_lifecycleevent_2026_03") == 1
    assert not detach_month(table="metering_lifecycleevent", month=MARCH)


def test_a_month_in_which_a_living_resource_has_events_stays(resource):
    ensure_month_partitions(first=MARCH, months=1)
    event_at("2026-03-05T00:00:00Z")
    Resource.objects.update(ended_at=None, state="active")

    with pytest.raises(CannotDetach, match="1 resources with events in it still live"):
        detach_month(table="metering_lifecycleevent", month=MARCH)
    assert detach_month(table="metering_usageevent", month=MARCH)


@pytest.mark.parametrize("open_", [{"cutoff": None, "stale": False}, {"cutoff": LATER, "stale": True}])
def test_a_month_that_is_open_or_waits_for_rating_stays(resource, open_):
    ensure_month_partitions(first=MARCH, months=1)
    company = open_company(code="us", name="us", country="US", currency="USD", timezone="UTC")
    account = open_account(code="acme", company=company, timezone="Asia/Tokyo")
    # April in Tokyo begins on 31 March in UTC
    begins = datetime(2026, 3, 31, 15, tzinfo=UTC)
    AccountPeriod.objects.create(
        account=account,
        month=date(2026, 4, 1),
        period_start=begins,
        period_end=begins + timedelta(days=30),
        **open_,
    )
    with pytest.raises(CannotDetach, match="1 months of accounts"):
        detach_month(table="metering_usageevent", month=MARCH)
