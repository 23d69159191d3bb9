import json

import pytest

from billing_site.scenarios.order_stream import account_of, as_cloud_event
from billing_site.scenarios.reader import read_scenario

FIRST = "  - lifecycle: {id: e1"


def read(write_story, steps):
    return read_scenario(write_story((FIRST, steps + FIRST)))


def test_a_lifecycle_event_holds_what_the_file_gives_and_no_defaults(write_story):
    scenario = read_scenario(write_story())

    assert json.loads(as_cloud_event(scenario, scenario.timeline[0].told)) == {
        "specversion": "1.0",
        "id": "e1",
        "source": "orders",
        "type": "meridian.resource.created",
        "subject": "vm-1",
        "time": "2026-03-30T12:00:00+00:00",
        "data": {"account": "ACME", "items": [{"sku": "VM"}]},
    }


def test_numbers_are_sent_as_written(write_story):
    usage = '  - usage: {id: u1, time: 2026-03-30T14:00:00+02:00, account: ACME, sku: GB, quantity: "10.0"}\n'
    scenario = read(write_story, usage)

    event = json.loads(as_cloud_event(scenario, scenario.timeline[0].told))

    assert event["time"] == "2026-03-30T14:00:00+02:00"
    assert event["data"] == {"account": "ACME", "sku": "GB", "quantity": "10.0"}
    assert "subject" not in event


def test_a_void_names_its_record_and_belongs_to_the_records_account(write_story):
    steps = (
        '  - usage: {id: u1, time: 2026-03-30T12:00:00Z, resource: vm-1, sku: VM, quantity: "1"}\n'
        "  - usage: {id: u2, time: 2026-03-30T13:00:00Z, void: u1}\n"
        "  - usage: {id: u3, source: other, time: 2026-03-30T13:00:00Z, void: u1}\n"
    )
    scenario = read(write_story, steps)
    record, void, foreign = (step.told for step in scenario.timeline[:3])

    event = json.loads(as_cloud_event(scenario, void))

    assert event["type"] == "meridian.usage.voided"
    assert event["data"] == {"voids": "u1"}
    assert account_of(scenario, record) == account_of(scenario, void) == "ACME"
    assert account_of(scenario, foreign) is None


@pytest.mark.parametrize(
    ("zone", "instant"),
    [("UTC", "2026-03-30T00:00:00+00:00"), ("Asia/Kolkata", "2026-03-29T18:30:00+00:00")],
)
def test_a_date_is_the_first_instant_of_that_day_for_the_account(write_story, zone, instant):
    path = write_story(("timezone: UTC", f"timezone: {zone}"), ("2026-03-30T12:00:00Z", "2026-03-30"))
    scenario = read_scenario(path)

    assert json.loads(as_cloud_event(scenario, scenario.timeline[0].told))["time"] == instant
