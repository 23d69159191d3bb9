"""What a caller may see of reconciliation."""

from django.db.models import QuerySet

from catalogue.selectors.reach import Caller, reach_of, within
from reconciliation.models import Discrepancy, ReconciliationRun


def visible_runs(caller: Caller) -> QuerySet[ReconciliationRun]:
    """One row a comparison for a company's month at one level."""
    return within(ReconciliationRun.objects.select_related("company"), reach_of(caller), company="company")


def visible_discrepancies(caller: Caller) -> QuerySet[Discrepancy]:
    """One row a key on which the two systems of a run do not agree."""
    discrepancies = Discrepancy.objects.select_related("run__company")
    return within(discrepancies, reach_of(caller), company="run__company")
