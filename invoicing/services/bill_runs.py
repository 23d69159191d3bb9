"""Bill a company's month: close it, turn its charges into invoices, number and issue them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Company
from invoicing.models import BillRun, NumberSeries
from invoicing.services.waking import wake_rendering
from metering.services.closing import close_month


@transaction.atomic
def run_bill_run(*, company: Company, month: date, cutoff: datetime, issued_on: date) -> BillRun:
    """Issue one invoice to each account of the company that has charges in the month, in order of their codes.

    month: [its first day]. cutoff: [instant] what was received later is late. issued_on: [local day of the
    company] gives the tax rates and the year of the numbers. A month is billed once for each account: run again,
    accounts that it has billed, or found nothing to bill for, stay as they are.
    """
    run, _ = BillRun.objects.get_or_create(
        company=company, month=month, defaults={"cutoff": cutoff, "issued_on": issued_on}
    )
    run = BillRun.objects.select_for_update().get(pk=run.pk)
    accounts = close_month(company=company, month=month, cutoff=cutoff)
    if not accounts:
        return run
    series = _locked_series(company, issued_on.year)
    known = {
        "bill_run": run.pk,
        "accounts": accounts,
        "month": month,
        "issued_on": issued_on,
        "prefix": f"{company.number_prefix}-{issued_on.year}-",
        "last_number": series.last_number,
    }
    sql.run("invoicing", "draft_invoices", known)
    sql.run("invoicing", "draft_lines", known)
    sql.run("invoicing", "draft_taxes", known)
    sql.run("invoicing", "total_invoices", known)
    issued = sql.run("invoicing", "issue_invoices", known)
    NumberSeries.objects.filter(pk=series.pk).update(last_number=series.last_number + issued)
    sql.run("invoicing", "record_accounts", known)
    transaction.on_commit(wake_rendering)
    return run


def _locked_series(company: Company, year: int) -> NumberSeries:
    key = {"company": company, "kind": NumberSeries.Kind.INVOICE, "year": year}
    NumberSeries.objects.get_or_create(**key)
    return NumberSeries.objects.select_for_update().get(**key)
