from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.models import (
    AccountPeriod,
    DetachedMonth,
    EventException,
    LifecycleEvent,
    Resource,
    ResourceInterval,
)
from metering.services.partitions import CannotDetach, detach_month, ensure_month_partitions
from tests.factories.metered import APRIL, Metered, at, metered, per_unit

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


@pytest.fixture
def billed() -> Metered:
    """March is billed: 10 GB for 5.00, and 24 hours of vm-1 for 24.00, which ended in it."""
    ensure_month_partitions(first=MARCH, months=2)
    world = metered()
    world.price(world.product("NET"), per_unit("0.5"))
    world.price(world.product("VM", kind="time", unit="hour"), per_unit("1"))
    world.use("NET", at(5), "10")
    world.life("vm-1", at(6), VM="1")
    world.life("vm-1", at(7), "decommissioned")
    world.close(MARCH, cutoff=at(2, month=4))
    assert amounts(world) == [Decimal("5.00"), Decimal("24.00")]
    return world


def detach_events() -> None:
    for table in ("metering_usageevent", "metering_lifecycleevent"):
        assert detach_month(table=table, month=MARCH)


def amounts(world: Metered) -> list[Decimal]:
    return sorted(charge.net_amount for charge in world.charges())


def send_record(world: Metered) -> None:
    world.use("NET", at(9), "1", received=at(10, month=4))


def send_change(world: Metered) -> None:
    world.life("vm-1", at(6, 12), "resized", received=at(10, month=4), VM="2")


def send_change_after_the_month(world: Metered) -> None:
    world.life("vm-1", at(3, month=4), "resized", received=at(10, month=4), VM="2")


def send_creation(world: Metered) -> None:
    world.life("vm-2", at(20), received=at(10, month=4), VM="1")


def send_void(world: Metered) -> None:
    world.void("u0", at(10, month=4))


@pytest.mark.parametrize(
    "send", [send_record, send_change, send_change_after_the_month, send_creation, send_void]
)
def test_a_late_event_about_a_detached_month_takes_nothing_back(billed, send):
    detach_events()
    lives = list(ResourceInterval.objects.values())

    send(billed)
    billed.rate(at(11, month=4))
    billed.close(APRIL, cutoff=at(2, month=5))

    assert amounts(billed) == [Decimal("5.00"), Decimal("24.00")]
    assert list(ResourceInterval.objects.values()) == lives
    (exception,) = EventException.objects.filter(closed_at=None)
    assert exception.kind == "past_keeping"
    assert "kept no longer" in exception.reason
    assert not AccountPeriod.objects.get(month=MARCH).stale


def test_a_new_price_for_a_detached_month_takes_nothing_back(billed):
    detach_events()
    billed.price(Product.objects.get(sku="NET"), per_unit("0.25"), valid_from=at(1), entered_at=at(10))
    billed.rate(at(11, month=4))
    billed.close(APRIL, cutoff=at(2, month=5))
    assert amounts(billed) == [Decimal("5.00"), Decimal("24.00")]


def test_a_difference_that_was_found_before_the_month_was_detached_stays(billed):
    send_record(billed)
    billed.rate(at(11, month=4))
    # 1 GB x 0.50 lies in April
    assert amounts(billed) == [Decimal("0.50"), Decimal("5.00"), Decimal("24.00")]
    detach_events()
    billed.close(APRIL, cutoff=at(2, month=5))
    assert amounts(billed) == [Decimal("0.50"), Decimal("5.00"), Decimal("24.00")]


def test_a_month_that_was_attached_again_is_rated_again(billed):
    detach_events()
    with connection.cursor() as cursor:
        for table in ("metering_usageevent", "metering_lifecycleevent"):
            cursor.execute(
                f"ALTER TABLE {table} ATTACH PARTITION {table}_2026_03 "
                "FOR VALUES FROM ('2026-03-01+00') TO ('2026-04-01+00')"
            )
    DetachedMonth.objects.all().delete()
    send_record(billed)
    billed.rate(at(11, month=4))
    assert amounts(billed) == [Decimal("0.50"), Decimal("5.00"), Decimal("24.00")]
