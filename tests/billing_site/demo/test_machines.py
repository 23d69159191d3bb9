from collections import Counter
from decimal import Decimal
from typing import Any

from billing_site.demo import datasets
from billing_site.demo.dealing import dealt_account
from billing_site.demo.machines import METERS, machine_stream

CODES = ["acct-de-1", "acct-de-2", "acct-jp-1"]


def stream() -> list[Any]:
    return list(
        machine_stream(datasets.runs(), CODES, ["acct-de-1"], orders="demo/orders", meters="demo/meters")
    )


def test_a_machine_gets_memory_and_then_a_smaller_cpu():
    lives = [event for event in stream() if event["source"] == "demo/orders"]
    sizes = [
        {item["sku"]: item["quantity"] for item in event["data"]["items"]}
        for event in lives
        if "items" in event["data"]
    ]
    assert [event["type"].rpartition(".")[2] for event in lives] == [
        *("created", "resized", "resized", "decommissioned"),
    ]
    assert [(size["VCPU"], size["RAM-GIB"]) for size in sizes] == [("4", "16"), ("4", "32"), ("2", "32")]
    assert all((size["DISK-GIB"], size["LICENCE"]) == ("100", "1") for size in sizes)


def test_the_cpu_runs_as_long_as_the_runs_that_are_dealt_to_its_owner():
    records = [event["data"] | {"from": event["time"]} for event in stream() if "sku" in event["data"]]
    assert Counter(record["sku"] for record in records) == dict.fromkeys(METERS, 60)
    cpu = [record for record in records if record["sku"] == "cpu"]
    dealt = [run for run in datasets.runs() if dealt_account(run.event_id, CODES) == "acct-de-1"]
    assert sum(Decimal(record["quantity"]) for record in cpu) == sum(Decimal(run.quantity) for run in dealt)
    assert [record["until"] for record in cpu[:-1]] == [record["from"] for record in cpu[1:]]
    assert (cpu[0]["from"], cpu[-1]["until"]) == ("2023-09-01T00:00:00Z", "2023-10-01T00:00:00Z")
