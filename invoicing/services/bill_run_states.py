"""Move bill runs from state to state; `domain/bill_run_states.py` says which moves there are."""

from __future__ import annotations

from invoicing.domain.bill_run_states import state_after
from invoicing.models import BillRun


def held_bill_run(run_id: int) -> BillRun:
    """Return a run as it is now, held until the transaction ends; workers that draft for it end first."""
    return BillRun.objects.select_for_update(of=("self",)).select_related("company__parent").get(pk=run_id)


def take_step(run: BillRun, step: str) -> None:
    """Move a held run on. Raises CannotTakeStep."""
    run.state = state_after(step, run.state, str(run))
    run.save()
