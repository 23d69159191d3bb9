from datetime import date
from decimal import Decimal

import pytest

from catalogue.domain.price_models import Tier
from catalogue.domain.terms import price_terms
from catalogue.models import User
from metering.models import Charge
from metering.selectors.explanations import explain_charge
from metering.services.ordering import cancel_order, place_order
from tests.factories.metered import APRIL, MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db
NOW = at(2, month=4)
TIERS = (Tier(Decimal(2), Decimal(30)), Tier(None, Decimal(20)))


@pytest.fixture
def world(db):
    return metered()


@pytest.fixture
def root():
    return User.objects.create_superuser("root")


def why(charge, root):
    return explain_charge(charge_id=charge.pk, caller=root, as_of=NOW)


def ordered(world, product, code="order-1", **more):
    return place_order(account=world.account, code=code, product=product, now=at(1), **more)


def recurring(world, sku="SEAT", **more):
    return world.product(sku, kind="recurring", unit="month", **{"cycle": "monthly", **more})


def test_a_cycle_is_the_fee_less_the_days_that_are_not_due(world, root):
    product = recurring(world)
    world.price(product, price_terms("graduated", {"tiers": TIERS}))
    ordered(world, product, quantity=Decimal(3), started_on=date(2026, 3, 11))
    world.close(MARCH, NOW)
    (charge,) = world.charges()
    explained = why(charge, root)
    # (2 x 30 + 1 x 20) x 21 / 31
    steps = [(step.label, str(step.amount)) for step in explained.should.steps]
    assert steps[2:] == [("10 of 31 days not due", "-800/31")]
    assert [amount for _, amount in steps[:2]] == ["60", "20"]
    assert (explained.agrees, explained.should.net_amount) == (True, Decimal("54.19"))
    (order,) = explained.sources.orders
    assert (order.order, order.days, order.cycle_days) == ("order-1", 21, 31)


def test_a_price_agreed_on_the_order(world, root):
    product = recurring(world)
    world.price(product, per_unit("99"))
    world.price(product, per_unit("40"), company=world.head)
    ordered(world, product, started_on=date(2026, 3, 1), unit_price=Decimal("62"))
    world.close(MARCH, NOW)
    sell, cost = world.charges()[0], Charge.objects.get(side="cost")
    assert (why(sell, root).agrees, why(sell, root).price, why(sell, root).should.amount) == (True, None, 62)
    assert (why(cost, root).agrees, why(cost, root).should.amount) == (True, 40)


def test_orders_that_are_pooled(world, root):
    product = recurring(world)
    world.price(product, price_terms("graduated", {"tiers": TIERS}, scope="account"))
    ordered(world, product, started_on=date(2026, 3, 1))
    ordered(world, product, "order-2", quantity=Decimal(3), started_on=date(2026, 3, 11))
    world.close(MARCH, NOW)
    (charge,) = world.charges()
    explained = why(charge, root)
    assert explained.agrees
    assert [(part.resource, part.quantity) for part in explained.parts] == [("order-2", 3), ("order-1", 1)]


def test_a_cancelled_order_keeps_the_explanation_of_what_was_billed(world, root):
    product = recurring(world, in_advance=True)
    annual = recurring(world, "YEAR", cycle="annual", in_advance=True)
    for one in (product, annual):
        world.price(one, per_unit("310"))
    orders = [
        ordered(world, product, started_on=date(2026, 3, 2)),
        ordered(world, annual, "order-2", started_on=date(2026, 3, 2)),
    ]
    world.close(MARCH, NOW)
    for order in orders:
        cancel_order(order=order, ended_on=date(2026, 3, 12), now=at(3, month=4))
    world.rate(at(3, month=4))
    billed = world.charges(month=MARCH)
    assert len(billed) >= 2
    assert [why(charge, root).agrees for charge in billed] == [True] * len(billed)
    taken_back = [charge for charge in world.charges(month=APRIL) if charge.service_month == MARCH]
    assert taken_back
    assert all(why(charge, root).agrees and why(charge, root).billed for charge in taken_back)


def test_a_one_time_item(world, root):
    product = world.product("SETUP", kind="one_time", unit="each")
    world.price(product, per_unit("25"))
    ordered(world, product, started_on=date(2026, 3, 11), quantity=Decimal(2))
    world.close(MARCH, NOW)
    (charge,) = world.charges()
    assert (why(charge, root).agrees, why(charge, root).should.amount) == (True, 50)
