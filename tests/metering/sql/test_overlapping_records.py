"""Records that cover time which another one covers, where the other one is not of the same month or owner."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import pytest

from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.domain.incoming_events import USAGE, IncomingEvent
from metering.models import Charge, EventException
from metering.services.ingestion import Sender, ingest
from tests.factories.metered import Metered, at, metered, per_unit
from tests.reconciliation.shadow.charges import differences, primary_charges, secondary_charges

pytestmark = pytest.mark.django_db
NOW = at(1, month=6)
FIRST, THEN, LAST = (at(day, month=5) for day in (10, 11, 12))


@pytest.fixture
def world(db) -> Metered:
    world = metered()
    world.price(world.product("GB"), per_unit("1"))
    return world


def charged(world: Metered) -> dict[tuple[str, int], Decimal]:
    """Rate, see that the independent rater says the same, and return quantities by account and month."""
    world.rate(NOW)
    found: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for charge in Charge.objects.filter(side="sell"):
        code = {world.account.pk: "owner"}.get(charge.account_id, "other")
        found[code, charge.service_month.month] += charge.quantity
    months = set(Charge.objects.values_list("service_month", flat=True))
    for month in months:
        second = secondary_charges(world.head, [world.head, world.office], month, NOW)
        assert not differences(primary_charges(month), second)
    return {key: quantity for key, quantity in found.items() if quantity}


def overlaps() -> list[str]:
    found = EventException.objects.filter(kind="overlap", closed_at=None)
    return sorted(found.values_list("event_id", flat=True))


def send(world: Metered, *events: IncomingEvent, company=None, received: datetime) -> None:
    sender = Sender(company_id=(company or world.head).pk, head_office_id=world.head.pk)
    ingest(events, sender=sender, received_at=received, channel="test")


@pytest.mark.parametrize("resource", ["", "vm"])
def test_a_record_that_reaches_into_the_next_month_gives_way_to_one_of_there_in_both_months(world, resource):
    world.life("vm", at(1))
    world.use("GB", at(1, 5, month=4), "7", resource=resource, until=at(1, 8, month=4), received=FIRST)
    late = world.use("GB", at(31), "20", resource=resource, until=at(1, 6, month=4), received=THEN)
    assert charged(world) == {("owner", 4): Decimal(7)}
    assert overlaps() == [late]


def test_the_whole_record_counts_again_once_the_one_of_the_next_month_is_withdrawn(world):
    world.life("vm", at(1))
    early = world.use("GB", at(1, 5, month=4), "7", resource="vm", until=at(1, 8, month=4), received=FIRST)
    world.use("GB", at(31), "30", resource="vm", until=at(1, 6, month=4), received=THEN)
    world.rate(NOW)
    world.void(early, at(1, 9, month=4), received=LAST)
    # 24 of its 30 hours lie in March
    assert charged(world) == {("owner", 3): Decimal(24), ("owner", 4): Decimal(6)}
    assert overlaps() == []


def test_a_record_of_the_owner_before_covers_its_time_for_the_one_after(world):
    open_account(code="other", company=world.office, country="DE")
    world.life("vm", at(1))
    world.use("GB", at(10), "48", resource="vm", until=at(12), received=FIRST)
    moved = IncomingEvent("orders", "moved", "transferred", "vm", at(11), "{}", account="other")
    send(world, moved, received=FIRST)
    late = world.use("GB", at(11, 6), "3", resource="vm", until=at(11, 12), received=THEN)
    world.use("GB", at(12), "5", resource="vm", until=at(13), received=THEN)
    assert charged(world) == {("owner", 3): Decimal(48), ("other", 3): Decimal(5)}
    assert overlaps() == [late]


def test_a_record_that_has_no_place_covers_nothing_until_it_has_one(world):
    world.life("vm", at(5), received=FIRST)
    world.use("GB", at(4), "48", resource="vm", until=at(6), received=FIRST)
    late = world.use("GB", at(5), "24", resource="vm", until=at(6), received=THEN)
    assert charged(world) == {("owner", 3): Decimal(24)}
    assert overlaps() == []
    world.life("vm", at(3), received=LAST)
    assert charged(world) == {("owner", 3): Decimal(48)}
    assert overlaps() == [late]


def test_a_record_in_an_unknown_unit_covers_nothing(world):
    world.life("vm", at(1))
    world.use("GB", at(4), "1", resource="vm", until=at(5), unit="barrel", received=FIRST)
    world.use("GB", at(4), "24", resource="vm", until=at(5), received=THEN)
    assert charged(world) == {("owner", 3): Decimal(24)}
    assert overlaps() == []


@pytest.mark.parametrize("resource", ["", "vm"])
def test_a_record_of_an_office_that_may_not_speak_of_it_covers_nothing(world, resource):
    foreign = open_company(
        code="FOREIGN", name="Other office", country="DE", currency="EUR", timezone="UTC", parent=world.head
    )
    world.life("vm", at(1))
    record = IncomingEvent(
        *("meters", "foreign", USAGE, resource, at(4), "{}"),
        account="" if resource else world.account.code,
        sku="GB",
        quantity=Decimal(1),
        until=at(5),
    )
    send(world, record, company=foreign, received=FIRST)
    world.use("GB", at(4), "24", resource=resource, until=at(5), received=THEN)
    assert charged(world) == {("owner", 3): Decimal(24)}
    assert overlaps() == []
