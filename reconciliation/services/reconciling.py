"""Set two systems against each other, key by key, never only by their totals (rule 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from reconciliation.models import ReconciliationRun, RunTotal
from reconciliation.services.run_findings import record_findings_of_run
from reconciliation.services.second_rating import rate_month_again

Level = ReconciliationRun.Level


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a level is compared.

    statement: [fills `compared` with a row a key and the measure of each side]. measure: ["amount" in the
    account's currency, or "quantity" in the product's unit]. second_rating: [whether it needs the month rated
    again]. billed: [whether it needs what was billed for the month]. finds_repeats: [whether the same
    account, SKU, resource and measure twice means a duplicate].
    """

    statement: str
    measure: str
    second_rating: bool = False
    billed: bool = False
    finds_repeats: bool = False


COMPARISONS = {
    # Left, right: the key; the measure.
    # Accepted events, charges: account, SKU, resource; quantity.
    Level.RECEIVED_TO_RATED: Comparison("compare_received_to_rated", "quantity"),
    # Charges, invoice lines: charge; net amount.
    Level.RATED_TO_INVOICED: Comparison("compare_rated_to_invoiced", "amount", finds_repeats=True),
    # Events, billed charges: account, SKU, resource; quantity of time and usage.
    Level.STREAM_TO_BILLING: Comparison(
        "compare_stream_to_billing", "quantity", second_rating=True, billed=True
    ),
    # Billed charges, second rating: account, SKU, resource or order; net amount.
    Level.PRIMARY_TO_SECONDARY: Comparison(
        "compare_primary_to_secondary", "amount", second_rating=True, billed=True
    ),
    # Invoices less credit notes, finance's totals: account; gross amount.
    Level.BILLING_TO_FINANCE: Comparison("compare_billing_to_finance", "amount"),
}


@transaction.atomic
def reconcile(*, company: Company, month: date, level: Level, at: datetime) -> ReconciliationRun:
    """Compare a company's month at a level; what does not agree is the run's, and becomes findings.

    month: [its first day]. at: [instant] of the comparison. Equal keys are counted, not kept.
    """
    comparison = COMPARISONS[level]
    known = {"company_id": company.pk, "month": month}
    if comparison.second_rating:
        rate_month_again(head_office=company.parent or company, offices=[company], month=month, as_of=at)
    if comparison.billed:
        sql.run("reconciliation", "drop_billed_charges")
        sql.run("reconciliation", "collect_billed_charges", known)
    sql.run("reconciliation", "drop_compared")
    sql.run("reconciliation", comparison.statement, known)
    totals = sql.rows("reconciliation", "total_compared", {"measure": comparison.measure})
    run = ReconciliationRun.objects.create(
        company=company,
        month=month,
        level=level,
        compared=sum(total["compared"] for total in totals),
        reconciled_at=at,
    )
    RunTotal.objects.bulk_create(RunTotal(run=run, **total) for total in totals)
    sql.run("reconciliation", "record_discrepancies", {"run": run.pk})
    record_findings_of_run(
        run=run,
        measure=comparison.measure,
        is_second_rating=comparison.second_rating and comparison.measure == "amount",
        finds_repeats=comparison.finds_repeats,
    )
    return run
