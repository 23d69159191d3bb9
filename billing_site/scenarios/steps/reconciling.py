"""The step that sets two systems against each other."""

from decimal import Decimal

from billing_site.scenarios.comparing import compare_rows
from billing_site.scenarios.story import Story
from billing_site.scenarios.timeline import ReconcileStep
from reconciliation.models import ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.reconciling import reconcile


def reconcile_month(story: Story, step: ReconcileStep) -> None:
    company = story.company(step.company)
    if step.finance is not None:
        totals = {str(entry.account): Decimal(entry.amount) for entry in step.finance}
        record_finance_totals(company=company, month=step.period, totals=totals)
    run = reconcile(
        company=company, month=step.period, level=ReconciliationRun.Level(step.level), at=story.now
    )
    wanted = [
        {"kind": entry.kind, "difference": entry.difference}
        | {
            name: value
            for name in ("account", "sku", "resource")
            if (value := getattr(entry, name)) is not None
        }
        for entry in step.expect
    ]
    actual = [
        {name: getattr(found, name) for name in ("kind", "difference", "account", "sku", "resource")}
        for found in run.discrepancies.all()
    ]
    story.check(
        compare_rows("discrepancy", wanted, actual), f"{step.level} {step.company} {step.period:%Y-%m}"
    )
