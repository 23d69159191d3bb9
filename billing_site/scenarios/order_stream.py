"""The order stream of a story: which events it holds, whose they are, and how they look as CloudEvents."""

import json
from datetime import datetime
from typing import Any

from billing_site.scenarios.scenario import Scenario
from billing_site.scenarios.timeline import LifecycleStep, UsageStep
from billing_site.scenarios.values import AccountCode, Moment


def account_of(scenario: Scenario, step: LifecycleStep | UsageStep) -> AccountCode | None:
    """Whose event it is: the account that it names, else the first that had the resource or voided record."""
    if step.account:
        return step.account
    for _, other in scenario.steps():
        told = other.told
        if isinstance(told, LifecycleStep) and told.account and told.resource == step.resource:
            return told.account
        if isinstance(step, UsageStep) and isinstance(told, UsageStep) and _withdraws(step, told):
            return account_of(scenario, told)
    return None


def _withdraws(step: UsageStep, record: UsageStep) -> bool:
    return not record.void and (step.source, step.void) == (record.source, record.id)


def as_cloud_event(scenario: Scenario, step: LifecycleStep | UsageStep) -> bytes:
    """Write an event as the order-streaming application sends it; what the file leaves out is left out."""

    def written(moment: Moment | None) -> str | None:
        return None if moment is None else instant_of(scenario, step, moment).isoformat()

    data: dict[str, Any]
    if isinstance(step, LifecycleStep):
        kind = f"meridian.resource.{step.type}"
        items = [_given(sku=item.sku, quantity=item.quantity) for item in step.items or ()]
        data = _given(account=step.account, items=items or None, sequence=step.sequence)
    elif step.void:
        kind, data = "meridian.usage.voided", {"voids": step.void}
    else:
        kind = "meridian.usage.recorded"
        data = _given(account=step.account, sku=step.sku, quantity=step.quantity, until=written(step.until))
    event = _given(
        specversion="1.0",
        id=step.id,
        source=step.source,
        type=kind,
        subject=step.resource,
        time=written(step.time),
        data=data,
    )
    return json.dumps(event, default=str).encode()


def instant_of(scenario: Scenario, step: LifecycleStep | UsageStep, moment: Moment) -> datetime:
    """The instant of a moment by the clock of the event's account, or of the first company."""
    account = account_of(scenario, step)
    if account is None:
        return moment.instant(scenario.companies[0].timezone)
    return scenario.at_account(moment, account)


def _given(**keys: object) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}
