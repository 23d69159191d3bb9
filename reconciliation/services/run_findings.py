"""From what a run compared to findings: classed, and with the money at risk."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_site.common import sql
from reconciliation.domain.finding_classes import Difference, class_of, is_within_grace
from reconciliation.domain.findings import Found
from reconciliation.models import ReconciliationRun
from reconciliation.selectors.money_at_risk import AtRisk, money_at_risk
from reconciliation.services.findings import record_findings


def record_findings_of_run(
    *, run: ReconciliationRun, measure: str, is_second_rating: bool, finds_repeats: bool
) -> None:
    """Make the discrepancies of a run findings, in the transaction that still has what was compared.

    measure: ["amount" or "quantity"]. is_second_rating: [whether amounts of the second rating were compared].
    finds_repeats: [whether the same account, SKU, resource and measure twice means a duplicate].
    """
    company, at = run.company, run.reconciled_at
    asked = {"run": run.pk, "month": run.month, "at": at, "head_office": company.head_office_id}
    rows = sql.rows("reconciliation", "differences_of_run", asked)
    known = {"company_id": company.pk, "month": run.month}
    rated: dict[str, dict[str, Any]] = {}
    if rows and is_second_rating:
        rated = {row["key"]: row for row in sql.rows("reconciliation", "rated_of_differences", known)}
    repeated: set[str] = set()
    if rows and finds_repeats:
        repeated = {row["key"] for row in sql.rows("reconciliation", "repeated_in_second")}
    risks = money_at_risk([_at_risk(row, measure) for row in rows], company=company, at=at)
    found = [
        Found(
            month=run.month,
            key=row["key"],
            kind=class_of(
                Difference(
                    kind=row["kind"],
                    measure=measure,
                    difference=row["difference"],
                    minor_units=row["minor_units"] or 0,
                    lines=rated.get(row["key"], {}).get("lines", 1),
                    is_late=is_within_grace(row["late_at"], at),
                    is_repeated=row["key"] in repeated,
                    quantities_differ=rated.get(row["key"], {}).get("quantities_differ", False),
                    currencies_differ=rated.get(row["key"], {}).get("currencies_differ", False),
                )
            ),
            account_id=row["account_id"],
            sku=row["sku"],
            resource=row["resource"],
            unit=(row["currency"] if measure == "amount" else row["unit"]) or "",
            first=row["first"],
            second=row["second"],
            difference=row["difference"],
            at_risk=risk,
        )
        for row, risk in zip(rows, risks, strict=True)
    ]
    record_findings(company=company, level=run.level, month=run.month, found=found, at=at)


def _at_risk(row: dict[str, Any], measure: str) -> AtRisk:
    of: Decimal = abs(row["difference"])
    return AtRisk(
        currency=row["currency"] or "",
        amount=of if measure == "amount" else None,
        quantity=of if measure == "quantity" else None,
        sku=row["sku"],
        account_id=row["account_id"],
        instant=row["priced_at"],
    )
