import pytest
from django.contrib.admin.models import LogEntry

from catalogue.models import ApiKey, Scope
from metering.models import EventException
from metering.services.dismissals import CannotDismiss, dismiss_exception
from metering.services.exceptions import retry_exceptions
from metering.services.mediation import mediate_waiting
from tests.factories.houses import client_of, key_of, operator_of
from tests.factories.metered import at, metered, per_unit

pytestmark = pytest.mark.django_db
NOW = at(20)
JSON = "application/json"
WHY = "The second came from a test system."


@pytest.fixture
def world(db):
    world = metered()
    world.price(world.product("NET"), per_unit("0.5"))
    return world


@pytest.fixture
def conflict(world):
    """A lifecycle event that came again with another size."""
    world.product("VM", kind="time", unit="hour")
    world.life("vm-1", at(1), VM="1")
    send_again(world)
    mediate_waiting(now=NOW)
    return EventException.objects.get()


def send_again(world):
    world.sent = 0
    world.life("vm-1", at(1), VM="2")


def dismiss(exception, because=WHY, now=NOW):
    return dismiss_exception(exception=exception, by="Ada", because=because, now=now)


def test_a_conflict_of_lifecycle_events_is_dismissed_with_a_reason(conflict):
    assert conflict.kind == "conflict"
    dismissed = dismiss(conflict)
    assert (dismissed.closed_at, dismissed.dismissed_by, dismissed.dismissed_because) == (NOW, "Ada", WHY)
    # said again, also later, it changes nothing
    assert dismiss(conflict, now=at(21)).closed_at == NOW


def test_what_was_dismissed_stays_closed_when_it_is_found_again(world, conflict):
    dismiss(conflict)
    send_again(world)
    mediate_waiting(now=at(21))
    assert EventException.objects.filter(closed_at=None).count() == 0


def test_a_gap_that_was_dismissed_stays_closed_when_it_is_looked_at_again(world):
    world.life("vm-1", at(1))
    for start in (0, 2):
        world.use("NET", at(1, start), "1", resource="vm-1", until=at(1, start + 1))
    mediate_waiting(now=NOW)
    gap = dismiss(EventException.objects.get(kind="gap"))
    world.use("NET", at(1, 4), "1", resource="vm-1", until=at(1, 5))
    mediate_waiting(now=NOW)
    (later,) = EventException.objects.filter(closed_at=None)
    assert (later.gap_start, later.gap_end) == (at(1, 3), at(1, 4))
    gap.refresh_from_db()
    assert (gap.closed_at, gap.gap_end) == (NOW, at(1, 2))


def test_what_holds_back_money_is_not_dismissed(world):
    world.use("NOTHING", at(2), "5")
    mediate_waiting(now=NOW)
    exception = EventException.objects.get(kind="unknown_sku")
    with pytest.raises(CannotDismiss, match=r"holds back what would be billed.*create the product"):
        dismiss(exception)
    exception.refresh_from_db()
    assert exception.closed_at is None


def test_what_closed_by_itself_is_not_dismissed(conflict):
    EventException.objects.update(closed_at=at(5))
    with pytest.raises(CannotDismiss, match="closed at 2026-03-05 00:00 UTC"):
        dismiss(conflict)


def test_a_dismissal_by_api_is_for_those_who_may_change_and_see_it(world, conflict):
    address = f"/api/v1/exceptions/{conflict.pk}/dismiss"
    reader, writer = key_of(world.head, Scope.BILLING_READ), key_of(world.head, Scope.BILLING_WRITE)
    asked = {"because": WHY}
    assert client_of(reader).post(address, asked, JSON).status_code == 403
    assert client_of(writer).post(address, {"because": " "}, JSON).status_code == 400
    assert client_of(writer).post(address, {"because": "a\0b"}, JSON).status_code == 400
    answer = client_of(writer).post(address, asked, JSON)
    assert (answer.status_code, answer.json()["dismissed_because"]) == (200, WHY)
    assert answer.json()["dismissed_by"] in map(str, ApiKey.objects.all())
    answer = client_of(writer).post(address, {"because": "Another reason."}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_dismiss")
    retry_exceptions(ids=[conflict.pk])
    mediate_waiting(now=at(21))
    assert EventException.objects.get().dismissed_because == WHY


def test_a_dismissal_in_the_console_leaves_who_and_why(world, conflict, client):
    address = f"/console/metering/eventexception/{conflict.pk}/dismiss/"
    client.force_login(operator_of(world.head, "support"))
    assert client.post(address, {"because": WHY}).status_code == 403
    admin = operator_of(world.head, "billing admin")
    client.force_login(admin)
    assert "came again with other content" in client.get(address).content.decode()
    assert "This field is required" in client.post(address, {"because": ""}).content.decode()
    assert EventException.objects.get().closed_at is None
    page = client.post(address, {"because": WHY}, follow=True).content.decode()
    assert WHY in page
    assert EventException.objects.get().dismissed_by == str(admin)
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.change_message) == (admin.pk, f"Dismissed: {WHY}")
    assert "leave it so" in client.get(address, follow=True).content.decode()
    listed = client.get("/console/metering/eventexception/?state=dismissed").content.decode()
    assert "same id, other content" in listed
