"""The demo's streams: six VMs' lives, a month of runs dealt to customers in 12 countries, and machines."""

from collections.abc import Mapping, Sequence
from itertools import chain

from billing_site.common.errors import BillingError
from billing_site.demo import datasets
from billing_site.demo.cloud_events import CloudEvent, lifecycle_event, usage_event
from billing_site.demo.dealing import dealt_account, dealt_resource, run_sku, size_sku
from billing_site.demo.machines import machine_stream

ORDERS = "demo/orders"
METERS = "demo/meters"
# A run says when it ran, not since when its VM was the customer's; this instant is before all runs.
RUN_RESOURCES_CREATED_AT = "2023-09-01T00:00:00Z"

_TYPE_OF_ACTION = {
    "create": "created",
    "suspend": "suspended",
    "resume": "resumed",
    "delete": "decommissioned",
}


class UnknownAction(BillingError):
    code = "unknown_action"


def vm_stream(events: Sequence[datasets.VmEvent]) -> list[CloudEvent]:
    """One event per row, in the rows' order and under the rows' ids."""
    return [_vm_event(event) for event in events]


def run_stream(runs: Sequence[datasets.Run], region_of_account: Mapping[str, str]) -> list[CloudEvent]:
    """One `created` per dealt resource, by resource; then one usage record per run, in the runs' order.

    region_of_account: the accounts that get runs, each with the region whose prices it pays.
    """
    codes = sorted(region_of_account)
    dealt = [(run, dealt_account(run.event_id, codes)) for run in runs]
    owners = {dealt_resource(run.resource, account): account for run, account in dealt}
    created = [
        lifecycle_event(
            id=f"created-{resource}",
            source=ORDERS,
            type="created",
            time=RUN_RESOURCES_CREATED_AT,
            resource=resource,
            account=account,
            items=[],
        )
        for resource, account in sorted(owners.items())
    ]
    used = [
        usage_event(
            id=run.event_id,
            source=METERS,
            time=run.start,
            resource=dealt_resource(run.resource, account),
            sku=run_sku(
                size_sku(run.product_sku, from_region=run.region, to_region=region_of_account[account])
            ),
            quantity=run.quantity,
            unit=run.unit,
        )
        for run, account in dealt
    ]
    return created + used


def demo_events() -> list[CloudEvent]:
    """All that the demo sends, always the same events in the same order: VMs' lives, runs, then machines."""
    region = {row.country: row.azure_region for row in datasets.countries()}
    region_of_account = {
        account.code: region[account.country] for account in datasets.accounts() if account.workload == "runs"
    }
    runs, codes = datasets.runs(), sorted(region_of_account)
    first_of_country = [code for code in codes if code.endswith("-1")]
    machines = machine_stream(runs, codes, first_of_country, orders=ORDERS, meters=METERS)
    return list(chain(vm_stream(datasets.vm_events()), run_stream(runs, region_of_account), machines))


def _vm_event(event: datasets.VmEvent) -> CloudEvent:
    kind = _TYPE_OF_ACTION.get(event.action)
    if kind is None:
        raise UnknownAction(
            f"Event {event.event_id} of {event.resource} has the action {event.action!r}; "
            f"known are {', '.join(_TYPE_OF_ACTION)}."
        )
    created = kind == "created"
    return lifecycle_event(
        id=event.event_id,
        source=ORDERS,
        type=kind,
        time=event.time,
        resource=event.resource,
        account=event.account if created else None,
        items=[{"sku": event.product_sku, "quantity": "1"}] if created else None,
    )
