"""Reports for finance from issued documents, within the caller's reach; a query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing_site.common import sql
from catalogue.domain.periods import month_cycle
from catalogue.selectors.reach import Caller
from reconciliation.domain.deferred_revenue import BilledCycle
from reconciliation.selectors.margin_reports import companies_to_choose


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """One row is a company, product, country and currency: net amounts of billing months."""

    company: str
    sku: str
    name: str
    family: str
    country: str
    currency: str
    invoiced: Decimal
    credited: Decimal

    @property
    def net(self) -> Decimal:
        return self.invoiced - self.credited


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One row is a company, country, category, tax, percent and currency, by day of issue."""

    company: str
    country: str
    category: str
    name: str
    percent: Decimal
    currency: str
    invoiced_taxable: Decimal
    invoiced_tax: Decimal
    credited_taxable: Decimal
    credited_tax: Decimal

    @property
    def taxable(self) -> Decimal:
        return self.invoiced_taxable - self.credited_taxable

    @property
    def tax(self) -> Decimal:
        return self.invoiced_tax - self.credited_tax


@dataclass(frozen=True, slots=True)
class AgedDebtRow:
    """One row is an account and a currency: what is open on a day, by how long it is overdue."""

    company: str
    account: str
    name: str
    currency: str
    not_due: Decimal
    days_1_to_30: Decimal
    days_31_to_60: Decimal
    days_61_to_90: Decimal
    days_over_90: Decimal
    due: Decimal
    unapplied: Decimal


def revenue_report(
    caller: Caller, *, first_month: date, last_month: date, company: str = ""
) -> list[RevenueRow]:
    """Return revenue by company, SKU, country and currency; a credit note counts in its invoice's month."""
    asked = {"first_month": first_month, "last_month": last_month}
    return [RevenueRow(**row) for row in _rows("report_revenue", caller, company, asked)]


def tax_report(caller: Caller, *, first_month: date, last_month: date, company: str = "") -> list[TaxRow]:
    """Return taxes by company, country and rate; every document counts on its own day of issue."""
    last_on = month_cycle(last_month).ends_on - timedelta(days=1)
    asked = {"first_on": month_cycle(first_month).starts_on, "last_on": last_on}
    return [TaxRow(**row) for row in _rows("report_tax", caller, company, asked)]


def deferred_report(caller: Caller, *, on: date, company: str = "") -> list[BilledCycle]:
    """Return the cycles of annual orders of which something is billed and not earned at the end of a day."""
    cycles = [BilledCycle(**row) for row in _rows("report_deferred", caller, company, {"on": on})]
    return [cycle for cycle in cycles if cycle.deferred(on)]


def aged_debt_report(caller: Caller, *, on: date, company: str = "") -> list[AgedDebtRow]:
    """Return what accounts owe on a day, by company, account and currency."""
    return [AgedDebtRow(**row) for row in _rows("report_aged_debt", caller, company, {"on": on})]


def _rows(name: str, caller: Caller, company: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    reached = companies_to_choose(caller)
    chosen = [found.pk for found in reached if company in ("", found.code)]
    return sql.rows("reconciliation", name, {**asked, "companies": chosen})
