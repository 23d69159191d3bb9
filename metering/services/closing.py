"""Close a billing month: rate it with what was received by the cut-off, and keep it so."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from metering.services.rating import rate_periods, report_unpriced


@transaction.atomic
def close_month(*, company: Company, month: date, cutoff: datetime) -> list[int]:
    """Rate and close the month of each of the company's accounts that is still open; return their ids.

    month: [its first day] the local calendar month of each account. cutoff: [instant] what was received later
    is late: it becomes a difference in the next month. What was learnt about earlier closed months by then is
    billed with this one. The caller has mediated before, in transactions of its own: a bill run must not keep
    mediation waiting. Run again it closes nothing and returns an empty list.
    """
    known = {"company_id": company.pk, "month": month}
    sql.run("metering", "open_company_month", known)
    periods = sql.rows("metering", "lock_periods_to_close", known)
    to_close = [row for row in periods if not row["is_closed"]]
    if not to_close:
        return []
    ids = [row["id"] for row in periods]
    rate_periods(
        ids,
        as_of=max(row["period_end"] for row in to_close),
        received_by=cutoff,
        bill_month=month,
    )
    report_unpriced(now=cutoff)
    # What was left out because it came after the cut-off has to be rated once more, as corrections.
    sql.run("metering", "close_periods", {"periods": ids, "month": month, "cutoff": cutoff})
    return [row["account_id"] for row in to_close]
