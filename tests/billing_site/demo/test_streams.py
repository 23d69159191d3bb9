from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from billing_site.demo import datasets
from billing_site.demo.datasets import Run, VmEvent
from billing_site.demo.streams import UnknownAction, demo_events, run_stream, vm_stream


def vm_event(action: str) -> VmEvent:
    return VmEvent(
        event_id=f"id-{action}",
        time="2023-05-28T19:58:14.000Z",
        action=action,
        resource="vm-1",
        account="acct-1",
        product_sku="AZ-westus2-Standard_B8ms",
    )


@pytest.mark.parametrize(
    ("action", "type_", "data"),
    [
        (
            "create",
            "meridian.resource.created",
            {"account": "acct-1", "items": [{"sku": "AZ-westus2-Standard_B8ms", "quantity": "1"}]},
        ),
        ("suspend", "meridian.resource.suspended", {}),
        ("resume", "meridian.resource.resumed", {}),
        ("delete", "meridian.resource.decommissioned", {}),
    ],
)
def test_an_order_event_keeps_its_id_and_instant(action, type_, data):
    assert vm_stream([vm_event(action)]) == [
        {
            "specversion": "1.0",
            "id": f"id-{action}",
            "source": "demo/orders",
            "type": type_,
            "subject": "vm-1",
            "time": "2023-05-28T19:58:14.000Z",
            "datacontenttype": "application/json",
            "data": data,
        }
    ]


def test_an_unknown_action_is_refused_by_name():
    with pytest.raises(
        UnknownAction, match=r"id-explode of vm-1 has the action 'explode'; known are create,"
    ):
        vm_stream([vm_event("explode")])


def test_a_run_becomes_a_resource_of_its_account_and_a_usage_record_at_its_prices():
    run = Run(
        event_id="noise-s-000000",
        resource="vm-westus2-b8ms-1",
        product_sku="AZ-westus2-Standard_B8ms",
        region="westus2",
        start="2023-09-28T19:59:12.560Z",
        quantity="134.28",
        unit="second",
    )
    created, used = run_stream([run], {"acct-kw-1": "qatarcentral"})
    assert created["type"] == "meridian.resource.created"
    assert created["id"] == "created-vm-westus2-b8ms-1@acct-kw-1"
    assert created["subject"] == "vm-westus2-b8ms-1@acct-kw-1"
    assert created["time"] == "2023-09-01T00:00:00Z"
    assert created["data"] == {"account": "acct-kw-1", "items": []}
    assert used["id"] == "noise-s-000000"
    assert used["source"] == "demo/meters"
    assert used["subject"] == created["subject"]
    assert used["time"] == "2023-09-28T19:59:12.560Z"
    assert used["data"] == {
        "sku": "AZ-qatarcentral-Standard_B8ms-RUN",
        "quantity": "134.28",
        "unit": "second",
    }


def test_the_demo_sends_all_orders_and_all_runs_once_and_always_alike():
    events = demo_events()
    assert Counter(event["type"].removeprefix("meridian.") for event in events) == {
        "resource.created": 6 + 264 + 12,
        "resource.resized": 2 * 12,
        "resource.suspended": 1_472,
        "resource.resumed": 1_472,
        "resource.decommissioned": 6 + 12,
        # Six meters, two records a day, 30 days, 12 countries.
        "usage.recorded": 5_752 + 6 * 2 * 30 * 12,
    }
    assert len({(event["source"], event["id"]) for event in events}) == len(events) == 13_340
    assert events == demo_events()


def test_every_resource_is_created_before_anything_else_is_said_of_it():
    events = demo_events()
    created: dict[str, str] = {}
    used = 0
    for event in events:
        if event["type"] == "meridian.resource.created":
            created[event["subject"]] = event["time"]
        elif event["type"] == "meridian.usage.recorded":
            used += 1
            assert created[event["subject"]] <= event["time"] < "2023-10-01"
    assert used == 5_752 + 4_320


def test_not_a_hundredth_of_a_second_is_lost():
    used: list[Any] = [e["data"] for e in demo_events() if e["type"] == "meridian.usage.recorded"]
    sent = [data for data in used if data["sku"].endswith("-RUN")]
    # The four numbers of 2023-09 in the customer's vm_runs_expected_monthly.csv.
    expected = Decimal("315177.060") + Decimal("199520.460") + Decimal("257026.350") + Decimal("185448.070")
    assert sum(Decimal(data["quantity"]) for data in sent) == expected
    assert [data["quantity"] for data in sent] == [run.quantity for run in datasets.runs()]


def test_every_sku_sent_is_a_product_with_a_price_in_its_accounts_currency():
    sold = {
        row["sku"]: row
        for path in (datasets.PRODUCTS_CSV, datasets.RUN_PRODUCTS_CSV, datasets.PART_PRODUCTS_CSV)
        for row in datasets.csv_rows(path)
    }
    currency = {account.code: account.currency for account in datasets.accounts()}
    owner: dict[str, str] = {}
    for event in demo_events():
        data: Any = event["data"]
        owner.setdefault(event["subject"], data.get("account", ""))
        for sku in [data["sku"]] if "sku" in data else [item["sku"] for item in data.get("items", [])]:
            assert Decimal(sold[sku][f"price_{currency[owner[event['subject']]]}"]) > 0
