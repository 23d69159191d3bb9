"""Take bill runs as far as they go without a person. All state is in PostgreSQL: killed, just drive again."""

from __future__ import annotations

from django.db import transaction

from billing_site.common import sql
from invoicing.models import BillRun, BillRunAccount, BillRunWarning
from invoicing.selectors.bill_run_warnings import warnings_of
from invoicing.services.bill_run_drafting import draft_some_accounts
from invoicing.services.bill_run_states import held_bill_run, take_step
from invoicing.services.intercompany import issue_intercompany_document
from invoicing.services.issuing import issue_drafts
from metering.services.closing import open_month
from metering.services.mediation import mediate_waiting


def drive_bill_run(*, run_id: int) -> None:
    """Begin, draft, present, issue and finish a run, as far as its state and its company's policy allow.

    Each step does nothing in another state than its own, so any number of workers may drive one run.
    """
    begin_drafting(run_id=run_id)
    draft_accounts(run_id=run_id)
    issue_drafts(run_id=run_id)
    issue_intercompany_document(run_id=run_id)
    _finish(run_id)


def draft_accounts(*, run_id: int) -> None:
    """Draft pending accounts until none is left that another worker does not hold; the last one presents."""
    while draft_some_accounts(run_id=run_id):
        pass
    _present(run_id)


def begin_drafting(*, run_id: int) -> None:
    """Mediate what waits, list the accounts, look for warnings, and begin unless they stop the run."""
    cutoff = BillRun.objects.filter(pk=run_id, state=BillRun.State.REQUESTED).values_list("cutoff", flat=True)
    if received_by := cutoff.first():
        # In transactions of its own: other senders' events are mediated meanwhile.
        mediate_waiting(now=received_by)
        _begin(run_id)


@transaction.atomic
def _begin(run_id: int) -> None:
    run = held_bill_run(run_id)
    if run.state != BillRun.State.REQUESTED:
        return
    open_month(company=run.company, month=run.month)
    sql.run("invoicing", "list_accounts", {"bill_run": run.pk})
    take_step(run, "hold_back" if _has_to_stop(run) else "begin")


@transaction.atomic
def _present(run_id: int) -> None:
    run = held_bill_run(run_id)
    pending = run.accounts.filter(state=BillRunAccount.State.PENDING)
    if run.state != BillRun.State.DRAFTING or pending.exists():
        return
    if _has_to_stop(run):
        take_step(run, "hold_back")
        return
    take_step(run, "present")
    if run.issues_by_itself and not run.needs_approval:
        take_step(run, "issue")


@transaction.atomic
def _finish(run_id: int) -> None:
    run = held_bill_run(run_id)
    if run.state == BillRun.State.ISSUING:
        take_step(run, "finish")


def _has_to_stop(run: BillRun) -> bool:
    """Note what a person should know, and tell whether the run waits for one."""
    run.warnings.all().delete()
    found = warnings_of(run)
    BillRunWarning.objects.bulk_create(
        BillRunWarning(bill_run=run, kind=warning.kind, sentence=warning.sentence, count=warning.count)
        for warning in found
    )
    return bool(found) and run.stops_on_warnings
