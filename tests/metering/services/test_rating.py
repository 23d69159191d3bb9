from decimal import Decimal

import pytest
from django.db import transaction

from metering.models import AccountPeriod, EventException, RatingRun
from metering.services.ordering import place_order
from metering.services.rating import rate_periods, rate_stale_periods, report_unpriced, stale_shards
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


def test_what_no_invoice_could_say_holds_up_nothing_else(world):
    """Two records that together are more than a quantity holds, and one whose amount is beyond measure."""
    huge = [world.use("CPU", at(1, hour), "9" * 26, received=at(2)) for hour in (1, 2)]
    world.price(world.product("DEAR"), per_unit("1000000000"))
    dear = world.use("DEAR", at(1), "10000000", received=at(2))
    world.life("vm-1", at(1), VM="1")
    world.rate(at(2))
    assert [charge.net_amount for charge in world.charges()] == [Decimal("48.00")]

    with transaction.atomic():
        rate_periods(list(AccountPeriod.objects.values_list("pk", flat=True)), as_of=at(2))
        report_unpriced(now=at(2))
    waiting = EventException.objects.filter(closed_at=None, kind="no_price")
    assert sorted(waiting.values_list("sku", flat=True)) == ["CPU", "DEAR"]

    for record in (*huge, dear):
        world.void(record, at(2), received=at(3))
    world.use("DEAR", at(1), "9999999", received=at(3))
    world.rate(at(3))
    assert sorted(charge.net_amount for charge in world.charges()) == [Decimal(96), Decimal(9999999) * 10**9]
    assert not waiting.exists()


def test_an_order_that_no_invoice_could_say_holds_up_nothing_else(world):
    fee = world.product("SERVER", kind="recurring", unit="month", cycle="monthly", in_advance=True)
    for quantity, price in (("9" * 26, "10"), ("1", "10")):
        place_order(
            account=world.account,
            code=f"order of {len(quantity)}",
            product=fee,
            quantity=Decimal(quantity),
            started_on=MARCH,
            unit_price=Decimal(price),
            now=at(2),
        )
    rate_stale_periods(as_of=at(2))
    assert [charge.net_amount for charge in world.charges()] == [Decimal("10.00")]
