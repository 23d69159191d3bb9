"""Have days of a company reconciled by a worker, when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from billing_site.common.errors import BillingError
from billing_site.common.jobs import wake
from catalogue.models import Company, User
from reconciliation.models import ReconciliationRequest, ReconciliationRun
from reconciliation.services.reconciling import reconcile_days

Level = ReconciliationRun.Level
# A request is one job of a worker: more is several requests.
_MOST_DAYS = 366


class CannotReconcile(BillingError):
    """Days or levels that cannot be compared."""

    code = "cannot_reconcile"


@transaction.atomic
def request_reconciliation(
    *,
    company: Company,
    starts_on: date,
    ends_on: date,
    levels: Sequence[Level],
    tolerance: int = 0,
    requested_by: User | None,
    requested_at: datetime,
) -> ReconciliationRequest:
    """Ask for days of a company to be compared; while the same wish waits it is asked for once.

    starts_on, ends_on: [days, the second is exclusive]. levels: [none: all]. Raises CannotReconcile.
    """
    days = (ends_on - starts_on).days
    if not 0 < days <= _MOST_DAYS:
        raise CannotReconcile(
            f"From {starts_on} to {ends_on} are {days} days: ask for at least one and at most {_MOST_DAYS}."
        )
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    wish = {
        "company": company,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "levels": [str(level) for level in Level if level in levels or not levels],
        "tolerance": tolerance,
    }
    request, is_new = ReconciliationRequest.objects.get_or_create(
        **wish, done_at=None, defaults={"requested_by": requested_by, "requested_at": requested_at}
    )
    if is_new:
        transaction.on_commit(lambda: wake("reconciliation.tasks.reconcile_request", request.pk))
    return request


@transaction.atomic
def answer_request(*, request_id: int, at: datetime) -> list[ReconciliationRun]:
    """Make the runs of a request; one that is done, or being done, is left alone."""
    request = (
        ReconciliationRequest.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("company__parent")
        .filter(pk=request_id, done_at=None)
        .first()
    )
    if request is None:
        return []
    runs = reconcile_days(
        company=request.company,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        levels=[Level(level) for level in request.levels],
        at=at,
        tolerance=request.tolerance,
        request=request,
    )
    request.done_at = at
    request.save(update_fields=["done_at"])
    return runs
