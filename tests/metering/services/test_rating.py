from decimal import Decimal

import pytest

from metering.models import AccountPeriod, RatingRun
from metering.services.rating import rate_stale_periods, stale_shards
from tests.factories.metered import MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    world = metered()
    world.price(world.product("CPU", unit="hour"), per_unit("1"))
    world.price(world.product("VM", kind="time", unit="hour"), per_unit("2"))
    return world


def amount_after(world, instant):
    """What the schedule makes of the stored charges when nothing new has come."""
    if stale_shards(as_of=instant):
        rate_stale_periods(as_of=instant)
    return sum((charge.net_amount for charge in world.charges()), Decimal(0))


def test_a_record_that_reaches_ahead_is_rated_again_when_it_is_over(world):
    world.use("CPU", at(1), "10", until=at(1, 10), received=at(1))
    world.rate(at(1, 4))
    assert amount_after(world, at(1, 4)) == Decimal("4.00")
    # nothing is due yet, so nothing is rated
    runs = RatingRun.objects.count()
    assert amount_after(world, at(1, 9)) == Decimal("4.00")
    assert RatingRun.objects.count() == runs
    assert amount_after(world, at(1, 10)) == Decimal("10.00")


def test_of_several_records_each_is_rated_when_it_is_over(world):
    for start in (0, 2):
        world.use("CPU", at(1, start), "2", until=at(1, start + 2), received=at(1))
    world.rate(at(1, 1))
    assert [amount_after(world, at(1, hour)) for hour in (1, 2, 3)] == [1, 2, 2]


def test_a_record_that_was_sent_ahead_counts_within_a_day(world):
    world.use("CPU", at(2), "3", received=at(1, 12))
    world.rate(at(1, 12))
    assert amount_after(world, at(1, 13)) == 0
    assert amount_after(world, at(2, 12)) == Decimal("3.00")


def test_what_runs_is_rated_again_after_a_day_and_when_its_month_is_over(world):
    world.life("vm-1", at(1), VM="1")
    world.rate(at(30, 12))
    # 29.5 days x 24 x 2.00
    assert amount_after(world, at(31, 11)) == Decimal("1416.00")
    # 30.5 days x 24 x 2.00
    assert amount_after(world, at(31, 12)) == Decimal("1464.00")
    # 31 days x 24 x 2.00
    assert amount_after(world, at(1, month=4)) == Decimal("1488.00")
    assert AccountPeriod.objects.get(month=MARCH).rate_again_at is None


def test_a_closed_month_is_never_due(world):
    world.use("CPU", at(1), "10", until=at(1, 10), received=at(1))
    world.rate(at(1, 4))
    AccountPeriod.objects.update(cutoff=at(1, 5))
    assert stale_shards(as_of=at(1, 10)) == []
