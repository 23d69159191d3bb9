from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.domain.price_models import Tier
from catalogue.domain.rounding import round_to
from catalogue.domain.terms import price_terms
from catalogue.models import User
from catalogue.services.accounts import open_account
from metering.domain.incoming_events import IncomingEvent
from metering.models import Charge, EventIdentity
from metering.selectors.explained_sources import InvalidCursor
from metering.selectors.explanations import ChargeNotFound, explain_charge
from tests.factories.houses import operator_of
from tests.factories.metered import APRIL, MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db
NOW = at(20)

PRICED = (Tier(Decimal(2), Decimal("0.10"), Decimal(1)), Tier(None, Decimal("0.03")))
FEES = (Tier(Decimal(2), None, Decimal(5)), Tier(None, None, Decimal(9)))
# 7 GB in three records, of which the first 1/3 GB is a third in kilobytes: what a price model makes of 22/3.
MODELS = {
    # 22/3 x 0.05 = 11/30
    "per_unit": ({"unit_price": Decimal("0.05")}, ["11/30"]),
    "flat": ({"fee": Decimal("19")}, ["19"]),
    # 2 x 0.10 + 1 + (22/3 - 2) x 0.03 = 0.2 + 1 + 0.16
    "graduated": ({"tiers": PRICED}, ["1/5", "1", "4/25"]),
    # 22/3 x 0.03 = 0.22
    "volume": ({"tiers": PRICED}, ["11/50"]),
    "stairstep": ({"tiers": FEES}, ["9"]),
    # 3 packages of 3 GB
    "package": ({"package_size": Decimal(3), "package_price": Decimal("1.50")}, ["9/2"]),
    # 22/3 x 2 % and 0.30 for each of three records
    "percentage": ({"percent": Decimal(2), "fixed_fee": Decimal("0.30")}, ["11/75", "9/10"]),
}


@pytest.fixture
def world(db):
    return metered()


@pytest.fixture
def root():
    return User.objects.create_superuser("root")


def why(charge, caller, **more):
    return explain_charge(charge_id=charge.pk, caller=caller, as_of=NOW, **more)


@pytest.mark.parametrize("model", MODELS)
def test_the_steps_of_each_model_add_up_to_the_charge(world, root, model):
    terms, amounts = MODELS[model]
    product = world.product("NET")
    product.unit_factors.create(unit="third", numerator=1, denominator=3)
    price = world.price(product, price_terms(model, terms))
    world.use("NET", at(2), "1", unit="third")
    world.use("NET", at(3), "4")
    world.use("NET", at(4), "3")
    world.rate(NOW)
    (charge,) = world.charges()
    explained = why(charge, root)
    assert explained.agrees
    assert explained.price == price
    assert [str(step.amount) for step in explained.should.steps] == amounts
    assert explained.should.amount == sum(map(Fraction, amounts))
    assert (round_to(explained.should.amount, 12), explained.should.net_amount) == (
        charge.amount,
        charge.net_amount,
    )
    assert [str(record.counted) for record in explained.sources.records] == ["1/3", "4", "3"]


def test_a_stretch_of_life_with_the_event_as_sent(world, root):
    product = world.product("VM", kind="time", unit="hour")
    world.price(product, per_unit("0.3"))
    world.life("vm-1", at(1, 6), VM="2")
    world.life("vm-1", at(1, 9), "suspended")
    world.life("vm-1", at(1, 10), "resumed")
    world.rate(at(1, 10, 20))
    (charge,) = world.charges()
    explained = why(charge, root)
    # 2 x (3 h + 20 min) x 0.3 = 2
    assert (explained.agrees, explained.should.quantity, explained.should.amount) == (
        True,
        Fraction(20, 3),
        2,
    )
    first, second = explained.sources.stretches
    assert (first.state, first.item_quantity, first.hours, second.hours) == ("active", 2, 3, Fraction(1, 3))
    (created,) = first.begun_by
    assert (created.type, created.time, created.payload) == ("created", at(1, 6), {"type": "as sent"})
    known = EventIdentity.objects.get(source="orders", event_id="e0")
    assert created.content_hash == bytes(known.content_hash).hex()
    assert [event.type for event in first.ended_by] == ["suspended"]
    assert [event.type for event in second.begun_by] == ["resumed"]
    assert second.ended_by == ()


def test_a_void_or_late_record_is_not_counted_in_a_closed_month(world, root):
    world.price(world.product("NET"), per_unit("1"))
    world.use("NET", at(2), "5")
    wrong = world.use("NET", at(3), "7")
    world.void(wrong, at(4))
    world.close(MARCH, at(2, month=4))
    world.use("NET", at(30), "11", received=at(3, month=4))
    world.rate(at(4, month=4))
    (charge,) = world.charges(month=MARCH)
    explained = why(charge, root)
    assert explained.agrees
    assert explained.received_by == at(2, month=4)
    assert [record.quantity for record in explained.sources.records] == [5]


def test_a_correction_is_what_should_have_been_less_what_was_billed(world, root):
    tiers = price_terms("graduated", {"tiers": PRICED})
    world.price(world.product("NET"), tiers)
    world.use("NET", at(2), "5")
    world.close(MARCH, at(2, month=4))
    world.use("NET", at(30), "1", received=at(3, month=4))
    world.rate(at(4, month=4))
    (correction,) = world.charges(month=APRIL)
    explained = why(correction, root)
    (billed,) = explained.billed
    assert (explained.agrees, explained.is_correction) == (True, True)
    # 2 x 0.10 + 1 + 4 x 0.03 = 1.32; billed was 2 x 0.10 + 1 + 3 x 0.03 = 1.29
    assert (explained.should.net_amount, billed.net_amount) == (Decimal("1.32"), Decimal("1.29"))
    assert correction.net_amount == Decimal("0.03")
    assert len(explained.sources.records) == 2


def test_a_charge_that_is_gone_is_taken_back(world, root):
    world.price(world.product("NET"), per_unit("1"))
    record = world.use("NET", at(2), "5")
    world.close(MARCH, at(2, month=4))
    world.void(record, at(3, month=4))
    world.rate(at(4, month=4))
    (correction,) = world.charges(month=APRIL)
    explained = why(correction, root)
    assert (explained.agrees, explained.should.steps, explained.should.net_amount) == (True, (), 0)
    assert (correction.net_amount, explained.billed[0].net_amount) == (Decimal("-5.00"), Decimal("5.00"))


def test_prices_entered_after_the_month_was_closed_change_no_explanation(world, root):
    """One supersedes the price that the charge names, another cuts its month."""
    product = world.product("VM", kind="time", unit="hour")
    first = world.price(product, per_unit("0.5"))
    world.life("vm-1", at(1), VM="1")
    world.close(MARCH, at(2, month=4))
    world.price(product, per_unit("0.25"), entered_at=at(3, month=4))
    world.price(product, per_unit("0.75"), valid_from=at(21), entered_at=at(3, month=4))
    world.rate(at(4, month=4))
    (closed,) = world.charges(month=MARCH)
    explained = why(closed, root)
    first.refresh_from_db()
    assert (explained.price, explained.agrees, explained.should.amount) == (first, True, 372)
    assert first.superseded_at is not None
    corrections = world.charges(month=APRIL, service_month=MARCH)
    assert {charge.net_amount for charge in corrections} == {
        Decimal("-372.00"),
        Decimal("120.00"),
        Decimal("198.00"),
    }
    assert [why(charge, root).agrees for charge in corrections] == [True] * 3


def test_what_makes_up_a_minimum(world, root):
    world.price(world.product("NET"), per_unit("0.01", minimum=Decimal("500.00")))
    world.use("NET", at(2), "42037")
    world.rate(NOW)
    (line,) = world.charges(kind="true_up")
    explained = why(line, root)
    assert explained.agrees
    assert [str(step.amount) for step in explained.should.steps] == ["500", "-42037/100"]
    assert explained.made_up_charge.net_amount == Decimal("420.37")


def test_a_pooled_charge_names_the_resources_that_made_it_up(world, root):
    world.price(world.product("NET"), per_unit("1", scope="account", included=Decimal(4)))
    world.life("vm-1", at(1))
    world.life("vm-2", at(1))
    for resource, quantity in (("vm-1", "5"), ("vm-2", "20"), ("", "3"), ("vm-1", "2")):
        world.use("NET", at(2), quantity, resource=resource)
    world.rate(NOW)
    (charge,) = world.charges()
    explained = why(charge, root)
    assert (explained.agrees, explained.should.quantity, explained.should.amount) == (True, 30, 26)
    parts = [(part.resource, part.quantity, part.sources) for part in explained.parts]
    assert (parts, explained.part_count) == ([("vm-2", 20, 1), ("vm-1", 7, 2), ("", 3, 1)], 3)


def test_pooled_time_and_its_parts(world, root):
    product = world.product("GIB", kind="time", unit="GiB-hour")
    world.price(product, price_terms("graduated", {"tiers": PRICED}, scope="account"))
    world.life("disk-1", at(1), GIB="10")
    world.life("disk-2", at(1, 12), GIB="5")
    world.rate(at(2))
    (charge,) = world.charges()
    explained = why(charge, root)
    assert (explained.agrees, [(p.resource, p.quantity) for p in explained.parts]) == (
        True,
        [("disk-1", 240), ("disk-2", 60)],
    )


def test_pages_of_records_meet_without_a_hole(world, root):
    world.price(world.product("NET"), per_unit("1"))
    for number in range(7):
        world.use("NET", at(2), str(number))
    world.rate(NOW)
    (charge,) = world.charges()
    seen, after = [], ""
    while True:
        page = why(charge, root, page_size=3, after=after).sources
        seen.append([int(record.quantity) for record in page.records])
        after = page.next_after
        if not after:
            break
    assert (sorted(number for page in seen for number in page), [len(page) for page in seen]) == (
        list(range(7)),
        [3, 3, 1],
    )


def test_pages_of_stretches(world, root):
    world.price(world.product("VM", kind="time", unit="hour"), per_unit("1"))
    world.life("vm-1", at(1), VM="1")
    for hour in range(1, 5):
        world.life("vm-1", at(1, hour), "suspended")
        world.life("vm-1", at(1, hour, 30), "resumed")
    world.rate(at(2))
    (charge,) = world.charges()
    first = why(charge, root, page_size=3).sources
    second = why(charge, root, page_size=3, after=first.next_after).sources
    assert [len(first.stretches), len(second.stretches), second.next_after] == [3, 2, ""]
    assert second.stretches[0].started_at == at(1, 3, 30)


@pytest.mark.parametrize("after", ["x", "2026-03-01~1", "2026-03-01T00:00:00+00:00~1", "~", "\0"])
def test_a_cursor_that_no_page_gave_is_refused(world, root, after):
    world.price(world.product("NET"), per_unit("1"))
    world.use("NET", at(2), "1")
    world.rate(NOW)
    with pytest.raises(InvalidCursor):
        why(world.charges()[0], root, after=after)


def test_it_says_so_where_more_is_known_than_was_rated(world, root):
    world.price(world.product("NET"), per_unit("1"))
    world.use("NET", at(2), "1")
    world.rate(NOW)
    world.use("NET", at(3), "2")
    explained = why(world.charges()[0], root)
    assert (explained.agrees, explained.should.amount) == (False, 3)
    assert "rated again by itself" in explained.note


def test_cost_is_explained_only_to_those_who_may_see_cost(world):
    product = world.product("NET")
    world.price(product, per_unit("1"))
    world.price(product, per_unit("0.4"), company=world.head)
    world.use("NET", at(2), "1")
    world.rate(NOW)
    cost = Charge.objects.get(side="cost")
    finance, support = operator_of(world.head, "finance"), operator_of(world.head, "support")
    assert why(cost, finance).should.amount == Fraction(2, 5)
    with pytest.raises(ChargeNotFound):
        why(cost, support)
    assert why(world.charges()[0], support).agrees


def test_a_customer_reads_everything_but_the_raw_stream(world):
    world.price(world.product("NET"), per_unit("1"))
    world.use("NET", at(2), "1")
    world.rate(NOW)
    customer = User.objects.create_user("customer")
    (charge,) = world.charges()
    with pytest.raises(ChargeNotFound):
        why(charge, customer)
    customer.accounts.add(world.account)
    (record,) = why(charge, customer).sources.records
    assert (record.quantity, record.event.payload, len(record.event.content_hash)) == (1, None, 64)


def test_who_had_a_resource_next_is_not_told(world, root):
    open_account(code="other", company=world.office, timezone="UTC")
    world.price(world.product("VM", kind="time", unit="hour"), per_unit("1"))
    world.life("vm-1", at(1), VM="1")
    world.send([IncomingEvent("orders", "t", "transferred", "vm-1", at(3), "{}", account="other")])
    world.rate(NOW)
    (charge,) = world.charges(account_id=world.account.pk)
    (stretch,) = why(charge, root).sources.stretches
    assert (stretch.ended_at, stretch.ended_by) == (at(3), ())
