from functools import partial

from billing_site.demo.cloud_events import lifecycle_event, usage_event


def test_a_created_resource_names_its_account_and_items():
    assert lifecycle_event(
        id="e1",
        source="demo/orders",
        type="created",
        time="2023-09-01T00:00:00Z",
        resource="vm-1",
        account="acct-1",
        items=[{"sku": "VM-S", "quantity": "1"}],
    ) == {
        "specversion": "1.0",
        "id": "e1",
        "source": "demo/orders",
        "type": "meridian.resource.created",
        "subject": "vm-1",
        "time": "2023-09-01T00:00:00Z",
        "datacontenttype": "application/json",
        "data": {"account": "acct-1", "items": [{"sku": "VM-S", "quantity": "1"}]},
    }


def test_an_empty_list_of_items_is_said_and_a_missing_one_is_not():
    event = partial(lifecycle_event, id="e1", source="s", time="2023-09-01T00:00:00Z", resource="vm-1")
    assert event(type="resized", items=[])["data"] == {"items": []}
    assert event(type="suspended")["data"] == {}


def test_usage_keeps_the_text_of_its_quantity():
    event = usage_event(
        id="u1",
        source="demo/meters",
        time="2023-09-03T10:00:00.500Z",
        resource="vm-1",
        sku="VM-S-RUN",
        quantity="134.280",
        unit="second",
    )
    assert event["type"] == "meridian.usage.recorded"
    assert event["subject"] == "vm-1"
    assert event["data"] == {"sku": "VM-S-RUN", "quantity": "134.280", "unit": "second"}
