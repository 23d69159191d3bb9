"""Margin by what a person asks: month, company, country, account, product, family or resource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from billing_site.common import sql
from billing_site.common.errors import BillingError
from billing_site.common.exports import MOST_ROWS
from catalogue.models import Company
from catalogue.selectors.reach import Caller, may_see_cost, reach_of
from catalogue.selectors.visible import visible_companies
from invoicing.models import Invoice
from reconciliation.domain.margin import Margin
from reconciliation.domain.margin_reports import MarginRow, MarginTable, is_unrounded, margin_table
from reconciliation.selectors.margin import ExchangeRateMissing


class TooManyRows(BillingError):
    """More rows than anybody reads, or a file holds."""

    code = "too_many_rows"


@dataclass(frozen=True, slots=True)
class MarginQuestion:
    """Margin by a dimension in the months from the first to the last; empty texts narrow nothing."""

    by: str
    first_month: date
    last_month: date
    basis: str = "billed"
    currency: str = "reporting"
    company: str = ""
    country: str = ""
    account: str = ""
    product: str = ""
    family: str = ""


@transaction.atomic
def margin_tables(caller: Caller, questions: Sequence[MarginQuestion]) -> list[MarginTable]:
    """Answer questions from one collection of parts, within the caller's reach; a query or two a question.

    Rows are ordered by key. Who may not see cost gets revenue, and 0 as cost. Whoever reaches only single
    accounts gets nothing. Raises ExchangeRateMissing and TooManyRows.
    """
    sql.run("reconciliation", "drop_margin_parts")
    asked: dict[str, Any] = {
        "companies": _companies(caller),
        "first_month": min(question.first_month for question in questions),
        "with_resources": any(question.by == "resource" for question in questions),
    }
    sql.run("reconciliation", "collect_margin_parts", asked)
    for row in sql.rows("reconciliation", "margin_rates_missing"):
        raise ExchangeRateMissing(
            f"There is no exchange rate from {row['rate_missing']} or before; enter one "
            f"(account {row['account']})."
        )
    with_cost = may_see_cost(caller)
    return [_answer(question, with_cost) for question in questions]


def latest_month(caller: Caller) -> date | None:
    """Return the latest month for which a company within reach has issued an invoice; None: there is none."""
    issued = Invoice.objects.filter(company__in=_companies(caller), state=Invoice.State.ISSUED)
    latest: date | None = issued.aggregate(latest=Max("month"))["latest"]
    return latest


def companies_to_choose(caller: Caller) -> list[Company]:
    """Return the companies of which the caller may ask, by code."""
    return list(visible_companies(caller).filter(pk__in=_companies(caller)))


def _companies(caller: Caller) -> list[int]:
    if reach_of(caller).account_ids is not None:
        return []
    return list(visible_companies(caller).values_list("pk", flat=True))


def _answer(question: MarginQuestion, with_cost: bool) -> MarginTable:
    rows = _rows(question, question.by, with_cost)
    if len(rows) > MOST_ROWS:
        raise TooManyRows(
            f"There are more than {MOST_ROWS:,} rows: ask for one company, account, product or family."
        )
    return margin_table(rows, _rows(question, "all", with_cost))


def _rows(question: MarginQuestion, by: str, with_cost: bool) -> list[MarginRow]:
    narrowed = ("company", "country", "account", "product", "family")
    found = sql.rows(
        "reconciliation",
        "add_up_margin_parts",
        {
            **{name: getattr(question, name) or None for name in narrowed},
            "by": by,
            "basis": question.basis,
            "currency": question.currency,
            "first_month": question.first_month,
            "last_month": question.last_month,
            "unrounded": is_unrounded(by),
            "with_cost": with_cost,
            "at_most": MOST_ROWS + 1,
        },
    )
    return [
        MarginRow(row["key"], row["detail"], Margin(row["currency"], row["revenue"], row["cost"]))
        for row in found
    ]
