"""Issue the head office's document about what a sales office's customers used in a month."""

from __future__ import annotations

from django.db import transaction

from billing_site.common import sql
from invoicing.models import BillRun, NumberSeries
from invoicing.services.bill_run_states import held_bill_run
from invoicing.services.numbering import locked_series, number_prefix
from invoicing.services.waking import wake_rendering


@transaction.atomic
def issue_intercompany_document(*, run_id: int) -> bool:
    """Issue a document of the cost charges of a run's accounts that none holds yet; tell if there was any.

    In the head office's own series of the year of issue, PREFIX-IC-YEAR-00001. Run again it issues nothing.
    """
    run = held_bill_run(run_id)
    head_office = run.company.parent
    if run.state != BillRun.State.ISSUING or head_office is None:
        return False
    sql.run("invoicing", "drop_costs")
    if not sql.run("invoicing", "collect_costs", {"bill_run": run.pk}):
        return False
    series = locked_series(company=head_office, kind=NumberSeries.Kind.INTERCOMPANY, year=run.issued_on.year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    prefix = number_prefix(company=head_office, kind=NumberSeries.Kind.INTERCOMPANY, year=series.year)
    number = f"{prefix}{series.last_number:05}"
    sql.run("invoicing", "issue_intercompany", {"bill_run": run.pk, "number": number})
    transaction.on_commit(wake_rendering)
    return True
