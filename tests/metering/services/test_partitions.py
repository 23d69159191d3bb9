from datetime import date, datetime

import pytest
from django.db import connection

from metering.models import LifecycleEvent
from metering.services.partitions import detach_month, ensure_month_partitions

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)


def event_at(instant: str) -> None:
    LifecycleEvent.objects.create(
        batch_id=1,
        head_office_id=1,
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


def test_a_detached_month_is_a_table_of_its_own():
    ensure_month_partitions(first=MARCH, months=1)
    event_at("2026-03-05T00:00:00Z")

    assert detach_month(table="metering_lifecycleevent", month=MARCH)

    assert LifecycleEvent.objects.count() == 0
    assert rows_in("metering_lifecycleevent_2026_03") == 1
    assert not detach_month(table="metering_lifecycleevent", month=MARCH)
