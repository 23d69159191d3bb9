"""Close a billing month: rate it with what was received by the cut-off, and keep it so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Account, Company
from metering.models import AccountPeriod
from metering.services.rating import rate_periods, report_unpriced


def open_month(*, company: Company, month: date) -> None:
    """Open the month of each of the company's accounts; again: nothing changes. month: [its first day]."""
    sql.run("metering", "open_company_month", {"company_id": company.pk, "month": month})


@transaction.atomic
def close_accounts(*, accounts: Sequence[int], month: date, cutoff: datetime) -> list[int]:
    """Rate and close the opened month of those of the accounts where it is still open; return their ids.

    month: [its first day] the local calendar month of each account. cutoff: [instant] what was received later
    is late: it becomes a difference in the next month. What was learnt about earlier closed months by then is
    billed with this one. The caller has mediated before, in transactions of its own: a bill run must not keep
    mediation waiting. Run again it closes nothing and returns an empty list.
    """
    periods = sql.rows("metering", "lock_periods_to_close", {"accounts": list(accounts), "month": month})
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


@transaction.atomic
def rate_so_far(*, account: Account, month: date, as_of: datetime) -> bool:
    """Rate an account's open month as closing it would, and tell if it was open; the caller rolls back.

    month: [its first day] as in close_accounts. as_of: [instant] billable time until then counts, and what
    was received by then. It is for showing what a bill would say: kept, it would leave out what came since.
    """
    periods = sql.rows("metering", "lock_periods_to_close", {"accounts": [account.pk], "month": month})
    ends = [row["period_end"] for row in periods if not row["is_closed"]]
    if not ends:
        return False
    rate_periods([row["id"] for row in periods], as_of=min(as_of, *ends), received_by=as_of, bill_month=month)
    return True


def seal_accounts(*, accounts: Sequence[int], month: date) -> None:
    """Keep the closed month of accounts so for ever: it was billed; again: nothing changes."""
    AccountPeriod.objects.filter(
        account__in=accounts, month=month, is_sealed=False, cutoff__isnull=False
    ).update(is_sealed=True)


def reopen_accounts(*, accounts: Sequence[int], month: date) -> list[int]:
    """Open the closed month of accounts again, and return the ids of those where that was possible.

    A month that was billed stays closed, and so does one after which another was closed: that one bills what
    was learnt since.
    """
    parameters = {"accounts": list(accounts), "month": month}
    return [row["account_id"] for row in sql.rows("metering", "reopen_periods", parameters)]
