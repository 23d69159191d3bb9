"""Set two systems against each other, key by key, never only by their totals (rule 15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from billing_site.common import sql
from catalogue.domain.periods import month_cycle
from catalogue.models import Company
from reconciliation.domain.levels import LEVELS
from reconciliation.models import ReconciliationRequest, ReconciliationRun, RunTotal
from reconciliation.services.run_findings import record_findings_of_run
from reconciliation.services.second_rating import rate_month_again

Level = ReconciliationRun.Level


def reconcile(
    *, company: Company, month: date, level: Level, at: datetime, tolerance: int = 0
) -> ReconciliationRun:
    """Compare a company's month at a level; what does not agree is the run's, and becomes findings.

    month: [its first day]. at: [instant] of the comparison. tolerance: [in the currency's smallest units, for
    each amount]. Equal keys are counted, not kept.
    """
    return reconcile_days(
        company=company,
        starts_on=month,
        ends_on=month_cycle(month).ends_on,
        levels=[level],
        at=at,
        tolerance=tolerance,
    )[0]


@transaction.atomic
def reconcile_days(
    *,
    company: Company,
    starts_on: date,
    ends_on: date,
    levels: Sequence[Level],
    at: datetime,
    tolerance: int = 0,
    scheduled_on: date | None = None,
    request: ReconciliationRequest | None = None,
) -> list[ReconciliationRun]:
    """Compare days of a company at levels: one run for each month and level, by month, in their order.

    starts_on, ends_on: [days, the second is exclusive]. Levels that do not compare by days take the whole
    months. scheduled_on: [day] whose runs they are: those that are there already are neither made again nor
    returned. request: [it asked for them]. A month is rated again at most once. One caller at a time for a
    company. Only runs that tell all of their month make findings, and close them.
    """
    sql.run("reconciliation", "lock_reconciliation", {"company_id": company.pk})
    runs = []
    month = starts_on.replace(day=1)
    while month < ends_on:
        prepared: set[str] = set()
        for level in levels:
            whole = month, month_cycle(month).ends_on
            days = (max(starts_on, whole[0]), min(ends_on, whole[1])) if LEVELS[level].days else whole
            run = ReconciliationRun(
                company=company,
                month=month,
                starts_on=days[0],
                ends_on=days[1],
                level=level,
                tolerance=tolerance,
                compared=0,
                reconciled_at=at,
                scheduled_on=scheduled_on,
                request=request,
            )
            if scheduled_on is None or not _is_done(run):
                _prepare(run, prepared)
                _compare(run)
                runs.append(run)
        month = month_cycle(month).ends_on
    return runs


def _is_done(run: ReconciliationRun) -> bool:
    key = ("company", "level", "starts_on", "ends_on", "scheduled_on")
    return ReconciliationRun.objects.filter(**{name: getattr(run, name) for name in key}).exists()


def _prepare(run: ReconciliationRun, prepared: set[str]) -> None:
    """Make what several levels of a month need, once."""
    level, company = LEVELS[run.level], run.company
    if level.rated_again and "rated_again" not in prepared:
        rate_month_again(
            head_office=company.parent or company, offices=[company], month=run.month, as_of=run.reconciled_at
        )
        prepared.add("rated_again")
    if level.billed and "billed" not in prepared:
        sql.run("reconciliation", "drop_billed_charges")
        sql.run("reconciliation", "collect_billed_charges", {"company_id": company.pk, "month": run.month})
        prepared.add("billed")


def _compare(run: ReconciliationRun) -> None:
    measure = LEVELS[run.level].measure
    known = {
        "company_id": run.company_id,
        "month": run.month,
        "starts_on": run.starts_on,
        "ends_on": run.ends_on,
        "at": run.reconciled_at,
    }
    sql.run("reconciliation", "drop_compared")
    sql.run("reconciliation", f"compare_{run.level}", known)
    run.save()
    found = {"run": run.pk, "measure": measure, "tolerance": run.tolerance}
    sql.run("reconciliation", "record_discrepancies", found)
    totals = sql.rows("reconciliation", "total_compared", found)
    RunTotal.objects.bulk_create(RunTotal(run=run, **total) for total in totals)
    run.compared = sum(total["compared"] for total in totals)
    run.save(update_fields=["compared"])
    if run.tells_all:
        record_findings_of_run(
            run=run,
            measure=measure,
            is_second_rating=run.level == Level.PRIMARY_TO_SECONDARY,
            finds_repeats=LEVELS[run.level].finds_repeats,
        )
