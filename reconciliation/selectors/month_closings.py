"""The checklist of a month's end."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from catalogue.models import Company
from invoicing.models import (
    BillRun,
    BillRunAccount,
    InterCompanyDocument,
    InterCompanyLine,
    Invoice,
    NumberSeries,
)
from invoicing.selectors.number_report import number_report
from metering.models import Charge
from reconciliation.domain.month_closing import Check
from reconciliation.models import Finding, ReconciliationRun

_OPEN_FINDINGS = (Finding.State.OPEN, Finding.State.INVESTIGATING)


def month_checks(*, company: Company, month: date) -> list[Check]:
    """Return the checklist of a company's month, in the order in which it is worked off; some ten queries."""
    accounts = list(company.accounts.values_list("pk", flat=True))
    return [
        _billed(company, month),
        _all_accounts(company, month),
        _numbered(company, month),
        _rates(company, month),
        _documents(company, month),
        *([_between_companies(company, month, accounts)] if company.parent_id else []),
        _reconciled(company, month),
        _findings(company, month),
        _corrections(month, accounts),
    ]


def _billed(company: Company, month: date) -> Check:
    run = BillRun.objects.filter(company=company, month=month).first()
    is_done = run is not None and run.state == BillRun.State.ISSUED
    if run is None:
        sentence = "There is no bill run: start one."
    else:
        sentence = f"The bill run is {run.get_state_display()}" + ("." if is_done else ": have it issued.")
    return Check("billed", is_done, sentence, "soft_close")


def _all_accounts(company: Company, month: date) -> Check:
    ended = (BillRunAccount.State.ISSUED, BillRunAccount.State.NOTHING_TO_BILL)
    left = BillRunAccount.objects.filter(bill_run__company=company, bill_run__month=month)
    number = left.exclude(state__in=ended).count()
    sentence = "No account is left." if not number else f"{number} accounts wait or are parked: see the run."
    return Check("every account", not number, sentence, "close")


def _numbered(company: Company, month: date) -> Check:
    issued = Invoice.objects.filter(company=company, month=month, state=Invoice.State.ISSUED)
    years = [day.year for day in issued.dates("issued_on", "year")]
    reports = number_report(NumberSeries.objects.filter(company=company, year__in=years)).values()
    is_done = all(report.is_contiguous for report in reports)
    sentence = "; ".join(sorted({report.sentence for report in reports})) or "no number yet"
    return Check("numbers", is_done, f"{sentence[0].upper()}{sentence[1:]}.", "close")


def _rates(company: Company, month: date) -> Check:
    wanted = (company.parent or company).currency_id
    issued = Invoice.objects.filter(company=company, month=month, state=Invoice.State.ISSUED)
    without = issued.exclude(currency=wanted).exclude(exchange_rates__has_key=wanted).count()
    sentence = (
        f"{without} invoices keep no exchange rate to {wanted}: enter one of their day or before."
        if without
        else f"Every invoice can be told in {wanted}."
    )
    return Check("exchange rates", not without, sentence)


def _documents(company: Company, month: date) -> Check:
    issued = Invoice.objects.filter(company=company, month=month, state=Invoice.State.ISSUED)
    number = issued.filter(documents=None).count()
    sentence = f"{number} invoices wait for their PDF." if number else "Every invoice has its PDF."
    return Check("documents", not number, sentence, "close")


def _between_companies(company: Company, month: date, accounts: list[int]) -> Check:
    cost = Charge.objects.filter(month=month, account_id__in=accounts, side=Charge.Side.COST)
    with_cost = set(cost.order_by().values_list("account_id", flat=True).distinct())
    documents = InterCompanyDocument.objects.filter(sales_office=company, month=month)
    lines = InterCompanyLine.objects.filter(document_id__in=documents.values("pk"))
    held = set(lines.order_by().values_list("account_id", flat=True).distinct())
    left = len(with_cost - held)
    sentence = (
        f"The cost of {left} accounts stands on no inter-company document: issue the bill run to its end."
        if left
        else "All cost stands on inter-company documents."
    )
    return Check("between companies", not left, sentence, "close")


def _reconciled(company: Company, month: date) -> Check:
    levels = ReconciliationRun.objects.filter(company=company, month=month)
    names = sorted({run.get_level_display() for run in levels})
    sentence = f"Compared: {', '.join(names)}." if names else "Nothing was compared: have it reconciled."
    return Check("reconciled", bool(names), sentence, "close")


def _findings(company: Company, month: date) -> Check:
    number = Finding.objects.filter(company=company, month=month, state__in=_OPEN_FINDINGS).count()
    sentence = (
        f"{number} findings are open: fix, explain or accept them." if number else "No finding is open."
    )
    return Check("findings", not number, sentence, "close")


def _corrections(month: date, accounts: list[int]) -> Check:
    later = Charge.objects.filter(
        service_month=month, account_id__in=accounts, side=Charge.Side.SELL, settlement=0
    )
    number = later.exclude(month=F("service_month")).count()
    sentence = (
        f"{number} corrections of this month lie in later ones: they are billed there."
        if number
        else "Nothing of this month was corrected later."
    )
    return Check("corrections", True, sentence)
