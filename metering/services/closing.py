"""Close a billing month: rate it with what was received by the cut-off, and keep it so."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from metering.models import AccountPeriod
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_periods, report_unpriced


@transaction.atomic
def close_month(*, company: Company, month: date, cutoff: datetime) -> list[int]:
    """Rate and close the month of each of the company's accounts that is still open; return their ids.

    month: [its first day] the local calendar month of each account. cutoff: [instant] what was received later
    is late: it becomes a difference in the next month. What was learnt about earlier closed months by then is
    billed with this one. Run again it closes nothing and returns an empty list.
    """
    mediate_waiting(now=cutoff)
    sql.run("metering", "open_company_month", {"company_id": company.pk, "month": month})
    to_close = list(
        AccountPeriod.objects.filter(account__company=company, month=month, cutoff=None)
        .order_by("account_id")
        .select_for_update(of=("self",))
        .values_list("pk", "account_id", "period_end")
    )
    if not to_close:
        return []
    corrected = sql.rows(
        "metering", "closed_periods_to_correct", {"accounts": [account for _, account, _ in to_close]}
    )
    periods = [period for period, _, _ in to_close] + [row["id"] for row in corrected]
    rate_periods(
        periods,
        as_of=max(period_end for _, _, period_end in to_close),
        received_by=cutoff,
        bill_month=month,
    )
    report_unpriced(now=cutoff)
    # What was left out because it came after the cut-off has to be rated once more, as corrections.
    sql.run("metering", "close_periods", {"periods": periods, "month": month, "cutoff": cutoff})
    return [account for _, account, _ in to_close]
