"""Look for money that leaks, rule by rule; what is found is work like any difference."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from billing_site.common import sql
from catalogue.domain.periods import months_before
from catalogue.models import Company
from metering.models.exceptions import UNBILLED_KINDS
from reconciliation.domain.findings import Found
from reconciliation.domain.leakage import RULES
from reconciliation.selectors.money_at_risk import AtRisk, money_at_risk
from reconciliation.services.findings import record_findings

# Two billed months and the one that runs; what is older was found before.
_MONTHS_BACK = 2
_ENDS_SOON = timedelta(days=30)


def find_leaks(*, company: Company, at: datetime) -> None:
    """Look at a company by every rule, each in a transaction; at: [instant] now.

    What a rule finds opens, what it does not find any more is fixed; the same again changes nothing.
    """
    for rule in RULES:
        find_leaks_by(rule, company=company, at=at)


@transaction.atomic
def find_leaks_by(rule: str, *, company: Company, at: datetime) -> None:
    """Look at a company by one rule. rule: [of RULES]."""
    day = at.astimezone(ZoneInfo(company.timezone)).date()
    rows = sql.rows(
        "reconciliation",
        f"leak_{rule}",
        {
            "company_id": company.pk,
            "head_office": company.head_office_id,
            "at": at,
            "day": day,
            "since": months_before(day, _MONTHS_BACK),
            "soon": at + _ENDS_SOON,
            "unbilled_kinds": list(UNBILLED_KINDS),
        },
    )
    risks = money_at_risk([_at_risk(row) for row in rows], company=company, at=at)
    found = [_found(rule, row, risk) for row, risk in zip(rows, risks, strict=True)]
    record_findings(company=company, level=rule, found=found, at=at)


def _at_risk(row: dict[str, Any]) -> AtRisk:
    return AtRisk(
        currency=row["currency"] or "",
        amount=row["amount"],
        quantity=row["quantity"],
        sku=row["sku"],
        account_id=row["account_id"],
        instant=row["instant"],
    )


def _found(rule: str, row: dict[str, Any], risk: Decimal | None) -> Found:
    measured = row["amount"] if row["amount"] is not None else row["quantity"]
    return Found(
        month=row["month"],
        key=row["key"],
        kind=RULES[rule].kind,
        account_id=row["account_id"],
        sku=row["sku"],
        resource=row["resource"],
        unit=row["unit"],
        difference=measured or Decimal(0),
        at_risk=risk,
        note=row["note"],
    )
