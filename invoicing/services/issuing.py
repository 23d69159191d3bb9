"""Issue the drafts of a bill run: grant limited promotions, finish totals and give numbers, in one step."""

from __future__ import annotations

from django.db import transaction

from billing_site.common import sql
from catalogue.services.promotions import hold_limited_promotions
from invoicing.models import BillRun, BillRunAccount, NumberSeries
from invoicing.services.bill_run_drafting import draft_anew
from invoicing.services.bill_run_states import held_bill_run
from invoicing.services.discounts import count_drafted_redemptions
from invoicing.services.numbering import locked_series, number_prefix
from invoicing.services.waking import wake_rendering
from metering.services.closing import seal_accounts


@transaction.atomic
def issue_drafts(*, run_id: int) -> int:
    """Issue all drafts of a run that is being issued, in order of the accounts' codes; return how many.

    One transaction under the locks of the run, the series and the limited promotions: killed anywhere in it,
    no number is given and no redemption counted. Run again it issues nothing.
    """
    run = held_bill_run(run_id)
    if run.state != BillRun.State.ISSUING:
        return 0
    drafted = _accounts(run, BillRunAccount.State.DRAFTED)
    known = {
        "bill_run": run.pk,
        "accounts": drafted,
        "month": run.month,
        "issued_on": run.issued_on,
        "prefix": number_prefix(company=run.company, kind=NumberSeries.Kind.INVOICE, year=run.issued_on.year),
    }
    issued = 0
    if drafted:
        series = locked_series(company=run.company, kind=NumberSeries.Kind.INVOICE, year=run.issued_on.year)
        hold_limited_promotions(company=run.company, month=run.month)
        holders = sql.rows("invoicing", "holders_of_limited_promotions", known)
        if holders:
            draft_anew(
                accounts=[row["account_id"] for row in holders],
                month=run.month,
                issued_on=run.issued_on,
                with_limited=True,
            )
        count_drafted_redemptions(accounts=drafted, month=run.month)
        issued = sql.run("invoicing", "issue_invoices", {**known, "last_number": series.last_number})
        series.last_number += issued
        series.save(update_fields=["last_number"])
        sql.run("invoicing", "record_issued", known)
        transaction.on_commit(wake_rendering)
    empty = _accounts(run, BillRunAccount.State.NOTHING_TO_BILL)
    seal_accounts(accounts=[*drafted, *empty], month=run.month)
    return issued


def _accounts(run: BillRun, state: BillRunAccount.State) -> list[int]:
    return list(
        BillRunAccount.objects.filter(bill_run=run, state=state)
        .order_by()
        .values_list("account_id", flat=True)
    )
