"""What the invoice of one account would say now; nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.models import Account
from invoicing.domain.invoice_views import DocumentKind, InvoiceView
from invoicing.models import Invoice
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.bill_run_drafting import draft_invoices
from metering.services.closing import rate_so_far


class NothingToShow(BillingError):
    """A month of which a pro forma invoice would have no lines."""

    code = "nothing_to_bill"


class AlreadyIssued(BillingError):
    """A month whose invoice is issued: that one counts."""

    code = "invoice_already_issued"
    is_conflict = True


def pro_forma(*, account: Account, month: date, as_of: datetime) -> InvoiceView:
    """Return the invoice that a bill run would draft of an account's month, without a number.

    month: [its first day]. as_of: [instant] time until then, and what was received by then, counts; its day
    where the company is stands for the day of issue. It is rated and drafted by the statements of a bill run,
    without limited promotions, in a transaction that is rolled back, so nothing is left that could be taken
    for an invoice. A month that a run has drafted is shown as drafted. Raises NothingToShow, AlreadyIssued.
    """
    with transaction.atomic():
        if rate_so_far(account=account, month=month, as_of=as_of):
            issued_on = as_of.astimezone(ZoneInfo(account.company.timezone)).date()
            draft_invoices(company=account.company, accounts=[account.pk], month=month, issued_on=issued_on)
        invoice = Invoice.objects.filter(account=account, month=month).first()
        if invoice is None:
            raise NothingToShow(f"There is nothing to bill of {account.code} in {month:%Y-%m} so far.")
        if invoice.state == Invoice.State.ISSUED:
            raise AlreadyIssued(
                f"{account.code} has the invoice {invoice.number} for {month:%Y-%m}: take that one."
            )
        view = invoice_view(invoice.pk)
        transaction.set_rollback(True)
    return replace(view, kind=DocumentKind.PRO_FORMA)
