"""How far a bill run is, and how it differs from the month before."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from billing_site.common import sql
from invoicing.domain.bill_run_states import DRIVEN
from invoicing.models import BillRun, BillRunAccount


@dataclass(frozen=True, slots=True)
class Variance:
    """What an account's invoice of the run's month and of the month before differ by [money, net].

    percent: [of the month before, 1 decimal; None if that was nothing]
    """

    account: str
    currency: str
    before_amount: Decimal
    now_amount: Decimal
    difference: Decimal
    percent: Decimal | None


def bill_run_variance(*, run_id: int, at_most: int) -> list[Variance]:
    """Return the accounts that differ most from the month before, in percent; one query."""
    asked = {"bill_run": run_id, "at_most": at_most}
    return [Variance(**row) for row in sql.rows("invoicing", "bill_run_variance", asked)]


def account_counts(*, run_id: int) -> dict[str, int]:
    """Return how many accounts of a run are in each state, all states, in their order; one query."""
    counted = BillRunAccount.objects.filter(bill_run=run_id).order_by().values_list("state")
    found = dict(counted.annotate(n=Count("pk")))
    return {state.value: found.get(state.value, 0) for state in BillRunAccount.State}


def bill_runs_to_drive() -> QuerySet[BillRun]:
    """One row a run that a worker can take further, oldest first."""
    return BillRun.objects.filter(state__in=DRIVEN).order_by("pk")
