"""Bill a company's month: close it, turn its charges into invoices, number and issue them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from catalogue.services.promotions import hold_limited_promotions
from invoicing.models import BillRun, NumberSeries
from invoicing.services.discounts import count_drafted_redemptions, draft_discounts
from invoicing.services.numbering import locked_series, number_prefix
from invoicing.services.waking import wake_bill_runs, wake_rendering
from metering.services.closing import close_month
from metering.services.mediation import mediate_waiting


@transaction.atomic
def request_bill_run(*, company: Company, month: date, cutoff: datetime, issued_on: date) -> BillRun:
    """Have a company's month billed by a worker; asked again for the same month, return the run that stands.

    month: [its first day]. cutoff: [instant] what was received later is late. issued_on: [local day of the
    company] gives the tax rates and the year of the numbers.
    """
    run, created = BillRun.objects.get_or_create(
        company=company, month=month, defaults={"cutoff": cutoff, "issued_on": issued_on}
    )
    if created:
        transaction.on_commit(wake_bill_runs)
    return run


def run_bill_run(*, company: Company, month: date, cutoff: datetime, issued_on: date) -> BillRun:
    """Issue one invoice to each account of the company that has charges in the month, in order of codes.

    Arguments as of request_bill_run. A month is billed once for each account: run again, what it billed, or
    found nothing to bill for, stays as it is.
    """
    run, _ = BillRun.objects.get_or_create(
        company=company, month=month, defaults={"cutoff": cutoff, "issued_on": issued_on}
    )
    return _bill(run.pk, cutoff=cutoff, issued_on=issued_on)


def run_requested_bill_runs() -> int:
    """Do the bill runs that were asked for and not done yet, oldest first; return how many there were."""
    waiting = BillRun.objects.filter(state=BillRun.State.REQUESTED).order_by("pk")
    runs = list(waiting.values_list("pk", "cutoff", "issued_on"))
    for run, cutoff, issued_on in runs:
        _bill(run, cutoff=cutoff, issued_on=issued_on)
    return len(runs)


def _bill(run_id: int, *, cutoff: datetime, issued_on: date) -> BillRun:
    """Mediate what waits, then bill; other senders' events are mediated meanwhile."""
    mediate_waiting(now=cutoff)
    return _close_and_issue(run_id, cutoff=cutoff, issued_on=issued_on)


@transaction.atomic
def _close_and_issue(run_id: int, *, cutoff: datetime, issued_on: date) -> BillRun:
    """Close, draft, number and issue in one transaction: killed anywhere, nothing of it stands."""
    run = BillRun.objects.select_for_update(of=("self",)).select_related("company").get(pk=run_id)
    accounts = close_month(company=run.company, month=run.month, cutoff=cutoff)
    if accounts:
        _issue(run, accounts, issued_on)
        transaction.on_commit(wake_rendering)
    run.state = BillRun.State.ISSUED
    run.save(update_fields=["state"])
    return run


def _issue(run: BillRun, accounts: list[int], issued_on: date) -> None:
    kind, year = NumberSeries.Kind.INVOICE, issued_on.year
    series = locked_series(company=run.company, kind=kind, year=year)
    known = {
        "bill_run": run.pk,
        "accounts": accounts,
        "month": run.month,
        "issued_on": issued_on,
        "prefix": number_prefix(company=run.company, kind=kind, year=year),
        "last_number": series.last_number,
    }
    sql.run("invoicing", "draft_invoices", known)
    sql.run("invoicing", "draft_lines", known)
    hold_limited_promotions(company=run.company, month=run.month)
    draft_discounts(accounts=accounts, month=run.month, with_limited=True)
    sql.run("invoicing", "draft_taxes", known)
    sql.run("invoicing", "total_invoices", known)
    count_drafted_redemptions(accounts=accounts, month=run.month)
    series.last_number += sql.run("invoicing", "issue_invoices", known)
    series.save(update_fields=["last_number"])
    sql.run("invoicing", "record_accounts", known)
