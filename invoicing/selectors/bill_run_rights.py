"""Which steps of a bill run a caller may take now."""

from catalogue.models import ApiKey
from catalogue.selectors.reach import Caller
from invoicing.domain.bill_run_states import steps_from
from invoicing.models import BillRun

# The other steps are for workers.
STEPS_OF_PEOPLE = ("issue", "draft_again", "retry_parked", "resume", "pause")


def steps_for(caller: Caller, run: BillRun) -> list[str]:
    """Return the steps that a caller may take with a run that it sees, the likeliest first.

    A key with the scope for writing takes all but an approval, for which it takes a person: with the right
    to approve, and another one than who started the run.
    """
    if isinstance(caller, ApiKey):
        may_run, may_issue = True, not run.needs_approval
    else:
        may_run = caller.has_perm("invoicing.change_billrun")
        may_issue = may_run
        if run.needs_approval:
            may_issue = caller.has_perm("invoicing.approve_billrun") and caller.pk != run.requested_by_id
    allowed = steps_from(run.state)
    return [
        step for step in STEPS_OF_PEOPLE if step in allowed and (may_issue if step == "issue" else may_run)
    ]
