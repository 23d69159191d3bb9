"""Jobs of invoicing. Each finds its own work, so a lost or doubled message changes nothing."""

from uuid import UUID

from celery import shared_task

from billing_site.common import clock
from invoicing.selectors.bill_runs import bill_runs_to_drive
from invoicing.selectors.documents import without_document
from invoicing.services import bill_runs
from invoicing.services.bill_run_drafting import shards_waiting
from invoicing.services.bill_run_driving import begin_drafting, drive_bill_run
from invoicing.services.documents import render_document as write_document
from invoicing.services.late_credits import credit_late_usage as make_late_credits

# At most so many messages wait in the queue after one look.
_DOCUMENTS_AT_ONCE = 5_000
# At most so many workers draft one bill run.
_DRAFTERS = 16


@shared_task(name="invoicing.tasks.run_bill_runs")
def run_bill_runs() -> None:
    """Take every bill run as far as it goes without a person; other workers help with the drafts."""
    for run_id in bill_runs_to_drive().values_list("pk", flat=True):
        begin_drafting(run_id=run_id)
        for _ in range(shards_waiting(run_id=run_id, at_most=_DRAFTERS) - 1):
            draft_bill_run.delay(run_id)
        drive_bill_run(run_id=run_id)


@shared_task(name="invoicing.tasks.draft_bill_run")
def draft_bill_run(run_id: int) -> None:
    """Draft accounts of a run beside other workers; a message too many finds nothing to do."""
    drive_bill_run(run_id=run_id)


@shared_task(name="invoicing.tasks.request_due_bill_runs")
def request_due_bill_runs() -> None:
    """Ask for the runs of the companies whose billing day has come."""
    bill_runs.request_due_bill_runs(at=clock.now())


@shared_task(name="invoicing.tasks.credit_late_usage")
def credit_late_usage() -> int:
    """Make the credit notes of late usage, for the accounts that get them."""
    return make_late_credits(now=clock.now())


@shared_task(name="invoicing.tasks.render_documents")
def render_documents() -> None:
    """Have what is issued and has no document rendered, in a job each, so that none stops the rest."""
    for owner, key in without_document(limit=_DOCUMENTS_AT_ONCE):
        render_document.delay(str(key), owner)


@shared_task(name="invoicing.tasks.render_document")
def render_document(key: str, owner: str = "invoice") -> None:
    """Render the document of one thing that was issued; a second message for it finds it done."""
    write_document(owner=owner, key=UUID(key))
