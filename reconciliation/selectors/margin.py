"""What was earned: revenue, cost and margin of a month (rule 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.models import Account, Company
from reconciliation.domain.margin import Margin


class ExchangeRateMissing(BillingError):
    """Revenue cannot be converted, so there is no margin to show."""

    code = "exchange_rate_missing"


@dataclass(frozen=True, slots=True)
class CompanyMargin:
    """A sales office's month: invoiced in each of its currencies, and the margin in the head office's."""

    company: str
    country: str
    invoiced: dict[str, Decimal]
    margin: Margin


def margin_of(*, company: Company, month: date, account: Account | None = None) -> Margin:
    """Return the margin of a company's month, or of one account in it, in head-office currency; one query.

    A company without a head office has no cost side: its margin is its revenue. Raises ExchangeRateMissing.
    """
    rows = _rows([company.pk], month)
    chosen = [row for row in rows if account is None or row["account_id"] == account.pk]
    head_office = company.parent or company
    return _sum(chosen, head_office.currency_id)


def margin_by_company(*, companies: Sequence[Company], month: date) -> list[CompanyMargin]:
    """Return one row a company with an invoice or cost in the month, by code; one query.

    Raises ExchangeRateMissing.
    """
    by_company: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows([company.pk for company in companies], month):
        by_company[row["company"]].append(row)
    return [
        CompanyMargin(code, rows[0]["country"], _invoiced(rows), _sum(rows, rows[0]["reporting_currency"]))
        for code, rows in sorted(by_company.items())
    ]


def _rows(companies: Sequence[int], month: date) -> list[dict[str, Any]]:
    rows = sql.rows("reconciliation", "margin_by_account", {"companies": list(companies), "month": month})
    for row in rows:
        if row["rate_missing"]:
            raise ExchangeRateMissing(
                f"There is no exchange rate from {row['rate_missing']} or before; enter one "
                f"(account {row['account']})."
            )
    return rows


def _sum(rows: Iterable[dict[str, Any]], currency: str) -> Margin:
    listed = list(rows)
    revenue = sum((row["revenue"] for row in listed), Decimal(0))
    cost = sum((row["cost"] for row in listed), Decimal(0))
    return Margin(currency, revenue, cost)


def _invoiced(rows: Iterable[dict[str, Any]]) -> dict[str, Decimal]:
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["currency"]:
            totals[row["currency"]] += row["invoiced"]
    return dict(totals)
