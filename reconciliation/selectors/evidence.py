"""What stands behind a finding on both sides: events, charges, lines, the second rating, finance's total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from catalogue.models import Product
from catalogue.selectors.reach import Caller
from invoicing.models import CreditNote, Invoice, InvoiceLine
from invoicing.selectors.visible import visible_credit_notes, visible_invoices, visible_lines
from metering.models import AccountPeriod, Charge, LifecycleEvent, Order, Resource, UsageEvent
from metering.selectors.visible import (
    visible_charges,
    visible_lifecycle_events,
    visible_usage_events,
    with_names,
)
from reconciliation.models import FinanceTotal, Finding, SecondaryCharge
from reconciliation.selectors.visible import visible_finance_totals, visible_secondary_charges


@dataclass(frozen=True, slots=True)
class Evidence:
    """Query sets of what a caller may see of a finding's account, month, SKU and resource."""

    lives: QuerySet[LifecycleEvent]
    usage: QuerySet[UsageEvent]
    charges: QuerySet[Charge]
    second: QuerySet[SecondaryCharge]
    lines: QuerySet[InvoiceLine]
    invoices: QuerySet[Invoice]
    credit_notes: QuerySet[CreditNote]
    finance: QuerySet[FinanceTotal]


def evidence_of(finding: Finding, caller: Caller) -> Evidence:
    """Return what is behind a finding; a query for the bounds of its month, the rest when it is read."""
    account, month = finding.account, finding.month
    invoices = visible_invoices(caller).filter(account=account, month=month)
    charges = _charges(finding, caller)
    lines = visible_lines(caller).filter(
        Q(charge_id__in=charges.values("pk"))
        | Q(invoice_id__in=invoices.values("pk"), sku=finding.sku, resource=finding.resource)
    )
    of_month: dict[str, Any] = {"account": account, "month": month}
    second = visible_secondary_charges(caller).filter(
        account_id=_account(finding), month=month, side="sell", resource=finding.resource
    )
    return Evidence(
        lives=_lives(finding, caller),
        usage=_usage(finding, caller),
        charges=with_names(charges).order_by("pk"),
        second=second.filter(product_id__in=_products(finding)).order_by("pk"),
        lines=lines.order_by("pk") if finding.sku else lines.none(),
        invoices=invoices,
        credit_notes=visible_credit_notes(caller).filter(invoice__in=invoices),
        finance=visible_finance_totals(caller).filter(**of_month),
    )


def _account(finding: Finding) -> int:
    return finding.account_id or 0  # the id of none


def _products(finding: Finding) -> QuerySet[Product, Any]:
    return Product.objects.filter(sku=finding.sku).values("pk")


def _charges(finding: Finding, caller: Caller) -> QuerySet[Charge]:
    charges = visible_charges(caller).filter(
        Q(month=finding.month) | Q(service_month=finding.month),
        account_id=_account(finding),
        side="sell",
        product_id__in=_products(finding),
    )
    if not finding.resource:
        return charges.filter(resource_id=None, order_id=None)
    resources = Resource.objects.filter(
        head_office_id=finding.company.head_office_id, name=finding.resource
    ).values("pk")
    orders = Order.objects.filter(account_id=_account(finding), code=finding.resource).values("pk")
    return charges.filter(Q(resource_id__in=resources) | Q(order_id__in=orders))


def _bounds(finding: Finding) -> tuple[datetime, datetime] | None:
    return (
        AccountPeriod.objects.filter(account=finding.account, month=finding.month)
        .values_list("period_start", "period_end")
        .first()
    )


def _lives(finding: Finding, caller: Caller) -> QuerySet[LifecycleEvent]:
    if not finding.resource:
        return LifecycleEvent.objects.none()
    return (
        visible_lifecycle_events(caller)
        .filter(head_office_id=finding.company.head_office_id, resource=finding.resource)
        .order_by("time", "sequence", "uid")
    )


def _usage(finding: Finding, caller: Caller) -> QuerySet[UsageEvent]:
    bounds = _bounds(finding)
    if bounds is None or not finding.sku or finding.account is None:
        return UsageEvent.objects.none()
    records = visible_usage_events(caller).filter(
        head_office_id=finding.company.head_office_id,
        sku=finding.sku,
        resource=finding.resource,
        time__gte=bounds[0],
        time__lt=bounds[1],
    )
    return (records if finding.resource else records.filter(account=finding.account.code)).order_by(
        "time", "uid"
    )
