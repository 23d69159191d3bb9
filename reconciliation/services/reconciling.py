"""Set two systems against each other, key by key, never only by their totals (rule 15)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from reconciliation.models import ReconciliationRun

Level = ReconciliationRun.Level

# Level: the statement that fills `compared` with a row a key and the measure of each side.
COMPARISONS = {
    Level.RECEIVED_TO_RATED: "compare_received_to_rated",  # quantity by account, SKU and resource
    Level.RATED_TO_INVOICED: "compare_rated_to_invoiced",  # net amount by charge
}


@transaction.atomic
def reconcile(*, company: Company, month: date, level: Level, at: datetime) -> ReconciliationRun:
    """Compare a company's month at a level and keep what does not agree as the run's discrepancies.

    month: [its first day]. at: [instant] of the comparison. Equal keys are counted, not kept.
    """
    known = {"company_id": company.pk, "month": month}
    sql.run("reconciliation", "drop_compared")
    sql.run("reconciliation", COMPARISONS[level], known)
    counted = sql.rows("reconciliation", "count_compared")[0]["compared"]
    run = ReconciliationRun.objects.create(
        company=company, month=month, level=level, compared=counted, reconciled_at=at
    )
    sql.run("reconciliation", "record_discrepancies", {"run": run.pk})
    return run
