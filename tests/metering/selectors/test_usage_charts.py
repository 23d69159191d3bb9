import pytest

from catalogue.domain.periods import Period
from catalogue.models import User
from metering.models import Resource
from metering.selectors.resource_lives import resource_life
from metering.selectors.usage_charts import usage_by_hour
from metering.services.mediation import mediate_waiting
from tests.architecture.sources import sources
from tests.factories.houses import client_of, key_of, operator_of
from tests.factories.metered import at, metered

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    world = metered()
    network = world.product("net.in", unit="GB")
    network.unit_factors.create(unit="MB", numerator=1, denominator=1000)
    world.product("cpu", unit="percent", aggregation="max")
    world.product("RAM", kind="time", unit="GiB-hour")
    world.life("vm-1", at(1), RAM="4")
    world.use("net.in", at(1, 1, 15), "500", unit="MB", resource="vm-1")
    world.use("net.in", at(1, 1, 45), "1", resource="vm-1")
    wrong = world.use("net.in", at(1, 1, 50), "99", resource="vm-1")
    world.void(wrong, at(1, 2))
    world.use("net.in", at(1, 5, 30), "3", resource="vm-1", until=at(1, 7))
    for minute, load in ((0, "20"), (30, "80.5")):
        world.use("cpu", at(1, 3, minute), load, resource="vm-1")
    world.life("vm-1", at(2), "resized", RAM="16")
    mediate_waiting(now=at(3))
    return world


def test_records_by_meter_and_hour(world):
    vm, root = Resource.objects.get(), User.objects.create_superuser("root")
    life = resource_life(vm, caller=root, as_of=at(3))
    cpu, network = usage_by_hour(vm, intervals=life.intervals, period=Period(at(1), at(2)))
    assert (cpu.sku, [(hour.hour, hour.quantity) for hour in cpu.hours]) == ("cpu", [(at(1, 3), 80.5)])
    # Of 3 GB in an hour and a half a third falls in the first half hour.
    assert [(hour.hour, hour.quantity, hour.records) for hour in network.hours] == [
        (at(1, 1), 1.5, 2),
        (at(1, 5), 1, 1),
        (at(1, 6), 2, 1),
    ]
    assert usage_by_hour(vm, intervals=[], period=Period(at(1), at(2))) == []


def test_by_api_with_up_time(world):
    api = client_of(key_of(world.office, "billing:read"))
    body = api.get("/api/v1/resources/vm-1/timeline?month=2026-03").json()
    assert body["intervals"][1] == {
        "started_at": "2026-03-02T00:00:00Z",
        "ended_at": None,
        "account": "acme",
        "state": "active",
        "items": [{"sku": "RAM", "quantity": "16", "unit": "GiB-hour"}],
    }
    assert body["days"][:2] == [
        {"starts_on": "2026-03-01", "hours_up": "24", "hours_lived": "24", "item_hours": {"RAM": "96"}},
        {"starts_on": "2026-03-02", "hours_up": "24", "hours_lived": "24", "item_hours": {"RAM": "384"}},
    ]
    usage = api.get("/api/v1/resources/vm-1/usage?month=2026-03").json()
    assert [(meter["sku"], len(meter["hours"])) for meter in usage["meters"]] == [("cpu", 1), ("net.in", 3)]
    assert api.get("/api/v1/resources/vm-1/usage?month=2026-02").json()["meters"] == []
    assert api.get("/api/v1/resources/vm-1/timeline?month=March").status_code == 400


def test_on_the_page_of_the_resource(world, client):
    client.force_login(operator_of(world.head, "support"))
    address = f"/console/metering/resource/{Resource.objects.get().pk}/change/"
    page = client.get(f"{address}?month=2026-03").content.decode()
    assert "Meters, hour by hour, March 2026, times of UTC" in page
    assert page.count("<canvas") == 2
    assert client.get(f"{address}?month=x").status_code == 200


def test_nothing_is_rated_from_what_is_for_charts():
    """Only pages and the API read it; no statement and no service does."""
    named = {
        str(source.path)
        for source in sources()
        if "usage_charts" in source.text or '"usage_by_hour"' in source.text
        if source.path.parts[0] != "tests"
    }
    assert named == {
        "metering/admin/resources.py",
        "metering/api/resources.py",
        "metering/selectors/usage_charts.py",
    }
