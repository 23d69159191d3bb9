"""Prove that every name in a scenario stands for something that the same file declares."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from billing_site.scenarios.scenario import Scenario
from billing_site.scenarios.timeline import LifecycleStep, OrderStep, UsageStep
from billing_site.scenarios.values import (
    AccountCode,
    CompanyCode,
    EventId,
    InvoiceReference,
    OrderId,
    Reference,
    ResourceName,
    Sku,
)

Known = Mapping[type[Reference], set[str]]


def check_references(scenario: Scenario) -> None:
    """Raise ValueError for a name that is not declared, is declared twice, or a parent that has a parent."""
    parents = {company.code for company in scenario.companies if company.parent}
    for position, company in enumerate(scenario.companies):
        if company.parent in parents:
            raise ValueError(f"companies[{position}].parent: {company.parent} has a parent itself")
    orders = [step.told.id for step in scenario.timeline if isinstance(step.told, OrderStep)]
    for key, names in {
        "companies": [company.code for company in scenario.companies],
        "accounts": [account.code for account in scenario.accounts],
        "products": [product.sku for product in scenario.products],
        "promotions": [promotion.code for promotion in scenario.promotions],
        "timeline.order": orders,
    }.items():
        for name, count in Counter(names).items():
            if count > 1:
                raise ValueError(f"{key}: {name} stands {count} times")
    known = _known(scenario, orders)
    for where, reference in _references_of(scenario):
        if reference not in known[type(reference)]:
            raise ValueError(f"{where}: {reference} is not the name of {reference.names} in this file")


def _known(scenario: Scenario, orders: Iterable[str]) -> Known:
    events = [step.told for step in scenario.timeline if isinstance(step.told, LifecycleStep | UsageStep)]
    return {
        CompanyCode: {company.code for company in scenario.companies},
        AccountCode: {account.code for account in scenario.accounts},
        Sku: {product.sku for product in scenario.products},
        OrderId: set(orders),
        EventId: {event.id for event in events},
        ResourceName: {event.resource for event in events if event.resource}.union(orders),
    }


def _references_of(scenario: Scenario) -> Iterator[tuple[str, Reference]]:
    for key in Scenario.__struct_fields__:
        if key != "timeline":
            yield from _references(getattr(scenario, key), key)
    for where, step in scenario.steps():
        yield from _references(step.told, where)


def _references(told: object, where: str) -> Iterator[tuple[str, Reference]]:
    """Yield every reference with the path to its key."""
    if isinstance(told, Reference):
        yield where, told
    elif isinstance(told, tuple):
        for position, part in enumerate(told):
            yield from _references(part, f"{where}[{position}]")
    elif isinstance(told, msgspec.Struct):
        for key in told.__struct_fields__:
            yield from _references(getattr(told, key), f"{where}.{key}")
    elif isinstance(told, InvoiceReference):
        yield where, told.account
