"""Two sales offices of one head office, each with its own key: neither bills the customers of the other."""

from datetime import datetime
from decimal import Decimal

import pytest

from catalogue.models import Account, Company
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent, Item
from metering.models import EventException, Resource, ResourceInterval
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from tests.factories.metered import Metered, at, metered, per_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = metered()
    world.product("VM", kind="time", unit="hour")
    return world


@pytest.fixture
def rival(world):
    """An account of another office of the same head office."""
    office = open_company(
        code="rival", name="Rival", country="DE", currency="EUR", timezone="UTC", parent=world.head
    )
    return open_account(code="rival-1", company=office)


def send(
    world: Metered, by: Company, account: Account | None, type: str, time: datetime, *, received: datetime
) -> None:
    """Send an event of the machine vm-1 with a key of the company, and mediate it."""
    world.sent += 1
    event = IncomingEvent(
        source=f"orders of {by.code}",
        id=f"e{world.sent}",
        type=type,
        subject="vm-1",
        time=time,
        payload="{}",
        account=account.code if account else "",
        items=(Item("VM", Decimal(1)),) if type == "created" else None,
    )
    ingest([event], sender=Sender(by.pk, world.head.pk), received_at=received, channel="test")
    mediate_waiting(now=received)


def lives():
    """Who had the machine, from when to when, and in which state."""
    rows = ResourceInterval.objects.order_by("started_at")
    return list(rows.values_list("account_id", "started_at", "ended_at", "state"))


@pytest.mark.parametrize("hour", [1, 12])
def test_an_office_does_not_take_a_machine_over_by_an_earlier_creation(world, rival, hour):
    send(world, world.office, world.account, "created", at(2), received=at(2))
    send(world, rival.company, rival, "created", at(1, hour), received=at(3))
    send(world, rival.company, None, "decommissioned", at(4), received=at(4))
    send(world, world.office, None, "stopped", at(5), received=at(5))

    mine = world.account.pk
    assert lives() == [(mine, at(2), at(5), "active"), (mine, at(5), None, "stopped")]
    told = EventException.objects.filter(closed_at=None)
    assert set(told.values_list("kind", "company_id")) == {("unknown_resource", rival.company_id)}
    assert told.count() == 2


def test_what_the_head_office_creates_beats_who_took_the_name_before(world, rival):
    send(world, rival.company, rival, "created", at(1), received=at(1))
    send(world, world.head, world.account, "created", at(2), received=at(2))
    send(world, rival.company, None, "decommissioned", at(3), received=at(3))

    assert lives() == [(world.account.pk, at(2), None, "active")]
    assert Resource.objects.get().account_id == world.account.pk
    told = EventException.objects.filter(closed_at=None)
    assert set(told.values_list("kind", "company_id")) == {("unknown_resource", rival.company_id)}


def test_events_of_the_own_office_come_in_any_order(world):
    send(world, world.office, world.account, "created", at(3), received=at(3))
    send(world, world.office, None, "stopped", at(2), received=at(4))
    send(world, world.office, world.account, "created", at(1), received=at(5))

    mine = world.account.pk
    assert lives() == [(mine, at(1), at(2), "active"), (mine, at(2), None, "stopped")]
    open_ones = EventException.objects.filter(closed_at=None)
    assert list(open_ones.values_list("kind", "company_id")) == [("redundant_transition", world.office.pk)]


def test_a_void_withdraws_only_what_its_sender_sent(world, rival):
    """That of a stranger is one of an unknown record, whether it comes before the record or after it."""
    world.price(world.product("NET"), per_unit("1"))
    record = IncomingEvent(
        source="meters",
        id="u1",
        type=USAGE,
        subject="",
        time=at(2),
        payload="{}",
        account=world.account.code,
        sku="NET",
        quantity=Decimal(10),
    )
    early, late, own = (
        IncomingEvent("meters", word, VOID, "", at(3), "{}", voids="u1") for word in ("early", "late", "own")
    )
    for event, by in ((early, rival.company), (record, world.office), (late, rival.company)):
        ingest([event], sender=Sender(by.pk, world.head.pk), received_at=at(4), channel="test")
        world.rate(at(4))
    assert [charge.net_amount for charge in world.charges()] == [Decimal("10.00")]
    told = EventException.objects.filter(closed_at=None)
    assert set(told.values_list("kind", "company_id")) == {("unknown_record", rival.company_id)}

    ingest([own], sender=Sender(world.office.pk, world.head.pk), received_at=at(5), channel="test")
    world.rate(at(5))
    assert list(world.charges()) == []
