"""Jobs of invoicing. Each finds its own work, so a lost or doubled message changes nothing."""

from uuid import UUID

from celery import shared_task

from billing_site.common import clock
from invoicing.selectors.documents import invoices_without_document
from invoicing.services.bill_runs import run_requested_bill_runs
from invoicing.services.documents import render_invoice_document
from invoicing.services.late_credits import credit_late_usage as make_late_credits

# At most so many messages wait in the queue after one look.
_DOCUMENTS_AT_ONCE = 5_000


@shared_task(name="invoicing.tasks.run_bill_runs")
def run_bill_runs() -> int:
    """Do the bill runs that were asked for."""
    return run_requested_bill_runs()


@shared_task(name="invoicing.tasks.credit_late_usage")
def credit_late_usage() -> int:
    """Make the credit notes of late usage, for the accounts that get them."""
    return make_late_credits(now=clock.now())


@shared_task(name="invoicing.tasks.render_documents")
def render_documents() -> None:
    """Have every issued invoice without a document rendered, in a job each, so that none stops the rest."""
    for invoice_id in invoices_without_document(limit=_DOCUMENTS_AT_ONCE):
        render_document.delay(str(invoice_id))


@shared_task(name="invoicing.tasks.render_document")
def render_document(invoice_id: str) -> None:
    """Render the document of one invoice; a second message for it finds it done."""
    render_invoice_document(invoice_id=UUID(invoice_id))
