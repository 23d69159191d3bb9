"""Set two systems against each other, key by key, never only by their totals (rule 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from reconciliation.models import ReconciliationRun
from reconciliation.services.second_rating import rate_month_again

Level = ReconciliationRun.Level


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a level is compared.

    statement: [fills `compared` with a row a key and the measure of each side]. second_rating: [whether it
    needs the month rated again]. billed: [whether it needs what was billed for the month].
    """

    statement: str
    second_rating: bool = False
    billed: bool = False


COMPARISONS = {
    # Left, right: the key; the measure.
    # Accepted events, charges: account, SKU, resource; quantity.
    Level.RECEIVED_TO_RATED: Comparison("compare_received_to_rated"),
    # Charges, invoice lines: charge; net amount.
    Level.RATED_TO_INVOICED: Comparison("compare_rated_to_invoiced"),
    # Events, billed charges: account, SKU, resource; quantity of time and usage.
    Level.STREAM_TO_BILLING: Comparison("compare_stream_to_billing", second_rating=True, billed=True),
    # Billed charges, second rating: account, SKU, resource or order; net amount.
    Level.PRIMARY_TO_SECONDARY: Comparison("compare_primary_to_secondary", second_rating=True, billed=True),
    # Invoices less credit notes, finance's totals: account; gross amount.
    Level.BILLING_TO_FINANCE: Comparison("compare_billing_to_finance"),
}


@transaction.atomic
def reconcile(*, company: Company, month: date, level: Level, at: datetime) -> ReconciliationRun:
    """Compare a company's month at a level and keep what does not agree as the run's discrepancies.

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
    counted = sql.rows("reconciliation", "count_compared")[0]["compared"]
    run = ReconciliationRun.objects.create(
        company=company, month=month, level=level, compared=counted, reconciled_at=at
    )
    sql.run("reconciliation", "record_discrepancies", {"run": run.pk})
    return run
