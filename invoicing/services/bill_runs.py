"""What people and programs do with bill runs: ask for one, have it issued, pause it, take it up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.domain.periods import local_date, local_midnight, month_cycle
from catalogue.models import Account, Company, User
from invoicing.models import BillRun, BillRunAccount, BillRunPolicy
from invoicing.services.bill_run_driving import drive_bill_run
from invoicing.services.bill_run_states import held_bill_run, take_step
from invoicing.services.waking import wake_bill_runs
from metering.services.closing import reopen_accounts


class MonthNotOver(BillingError):
    """A month that lasts longer than the cut-off; billed now, its last days would all be late."""

    code = "month_not_over"


class CutoffAhead(BillingError):
    """A cut-off that has not come; what arrives until then would be billed by chance."""

    code = "cutoff_ahead"


class InvalidIssueDay(BillingError):
    """A day of issue on which the month was not over, or that has not come."""

    code = "invalid_issue_day"


class NeedsAnotherPerson(BillingError):
    """A run that must be issued by somebody else than who started it."""

    code = "needs_another_person"
    is_conflict = True


@transaction.atomic
def request_bill_run(
    *,
    company: Company,
    month: date,
    cutoff: datetime,
    issued_on: date,
    issues_by_itself: bool = True,
    requested_by: User | None = None,
) -> BillRun:
    """Have a company's month billed by a worker; asked again for the same month, return the run that stands.

    month: [its first day]. cutoff: [instant] what was received later is late. issued_on: [local day of the
    company] gives the tax rates and the year of the numbers. issues_by_itself: else the run shows its drafts
    and waits for `issue_bill_run`.
    """
    policy = BillRunPolicy.objects.filter(company=company).first() or BillRunPolicy()
    run, created = BillRun.objects.get_or_create(
        company=company,
        month=month,
        defaults={
            "cutoff": cutoff,
            "issued_on": issued_on,
            "issues_by_itself": issues_by_itself,
            "needs_approval": policy.needs_approval,
            "stops_on_warnings": policy.stops_on_warnings,
            "requested_by": requested_by,
        },
    )
    if created:
        transaction.on_commit(wake_bill_runs)
    return run


def start_bill_run(
    *, company: Company, month: date, cutoff: datetime, issued_on: date, at: datetime, **how: Any
) -> BillRun:
    """Have a month billed that is over, as a person means it; arguments as of request_bill_run.

    at: [instant] now. Raises MonthNotOver, CutoffAhead, InvalidIssueDay.
    """
    _require_that_it_has_come(cutoff, at)
    _require_that_the_month_is_over(company, month, cutoff)
    first_day, today = month_cycle(month).ends_on, local_date(at, ZoneInfo(company.timezone))
    if not first_day <= issued_on <= today:
        raise InvalidIssueDay(
            f"Invoices of {month:%Y-%m} are issued on a day from {first_day} to {today}, which is today "
            f"where {company.code} is, and not on {issued_on}."
        )
    return request_bill_run(company=company, month=month, cutoff=cutoff, issued_on=issued_on, **how)


def run_bill_run(*, company: Company, month: date, cutoff: datetime, issued_on: date) -> BillRun:
    """Bill a company's month here and now, as far as its policy lets a run go without a person.

    Arguments as of request_bill_run. A month is billed once for each account: run again, what it issued stays
    as it is, and accounts that were parked, or opened since, are issued with the next numbers.
    """
    run = request_bill_run(company=company, month=month, cutoff=cutoff, issued_on=issued_on)
    if run.state == BillRun.State.ISSUED:
        retry_parked_accounts(run=run, cutoff=cutoff, issued_on=issued_on)
    drive_bill_run(run_id=run.pk)
    run.refresh_from_db()
    return run


@transaction.atomic
def issue_bill_run(*, run: BillRun, person: User | None, at: datetime) -> None:
    """Have the drafts of a run issued; where the company wants an approval, by another person.

    person: None is a program. Raises CannotTakeStep, NeedsAnotherPerson.
    """
    held = held_bill_run(run.pk)
    if held.needs_approval and (person is None or person.pk == held.requested_by_id):
        raise NeedsAnotherPerson(
            f"{held.company.code} wants its bill runs approved by a second person: somebody else than "
            f"{held.requested_by or 'a program'} has to issue {held}."
        )
    held.approved_by, held.approved_at = person, at
    take_step(held, "issue")
    transaction.on_commit(wake_bill_runs)


@transaction.atomic
def pause_bill_run(*, run: BillRun) -> None:
    """Stop a run after what its workers are at; nothing that is done is undone. Raises CannotTakeStep."""
    take_step(held_bill_run(run.pk), "pause")


@transaction.atomic
def resume_bill_run(*, run: BillRun) -> None:
    """Take up a run that was paused, or stopped by its warnings, which then stop it no more.

    A run that was being issued waits for `issue_bill_run` again, unless it issues by itself. Raises
    CannotTakeStep.
    """
    held = held_bill_run(run.pk)
    if held.state == BillRun.State.STOPPED:
        held.stops_on_warnings = False
    take_step(held, "resume")
    transaction.on_commit(wake_bill_runs)


@transaction.atomic
def draft_bill_run_again(*, run: BillRun, cutoff: datetime | None = None) -> None:
    """Rate and draft again what a run has not issued, with what was entered since; drafts keep their ids.

    cutoff: [instant] another one; None: as it was. Raises CannotTakeStep, MonthNotOver.
    """
    held = held_bill_run(run.pk)
    held.cutoff = cutoff or held.cutoff
    _require_that_the_month_is_over(held.company, held.month, held.cutoff)
    held.approved_by = held.approved_at = None
    take_step(held, "draft_again")
    unissued = held.accounts.exclude(state=BillRunAccount.State.ISSUED)
    accounts = list(unissued.order_by().values_list("account_id", flat=True))
    reopen_accounts(accounts=accounts, month=held.month)
    unissued.update(state=BillRunAccount.State.PENDING, reason="")
    transaction.on_commit(wake_bill_runs)


@transaction.atomic
def retry_parked_accounts(*, run: BillRun, cutoff: datetime, issued_on: date) -> int:
    """Draft the parked accounts of an issued run again, and those opened since; return how many there are.

    They are issued on a day of their own with the next numbers; nothing else of the run changes. What was
    closed stays rated as it was. cutoff: [instant] of accounts not closed yet. Raises CannotTakeStep.
    """
    held = held_bill_run(run.pk)
    listed = held.accounts.order_by().values("account_id")
    parked = held.accounts.filter(state=BillRunAccount.State.PARKED)
    waiting = parked.count() + Account.objects.filter(company=held.company).exclude(pk__in=listed).count()
    if waiting:
        held.cutoff, held.issued_on = cutoff, issued_on
        held.approved_by = held.approved_at = None
        take_step(held, "retry_parked")
        parked.update(state=BillRunAccount.State.PENDING, reason="")
        transaction.on_commit(wake_bill_runs)
    return waiting


def take_step_of_people(
    *, run: BillRun, step: str, person: User | None, at: datetime, cutoff: datetime | None = None
) -> None:
    """Take one of the steps issue, draft_again, retry_parked, resume and pause, by its name.

    Parked accounts that are retried are issued on the local day of the instant. Raises CutoffAhead, and what
    the steps raise.
    """
    if cutoff is not None:
        _require_that_it_has_come(cutoff, at)
    today = local_date(at, ZoneInfo(run.company.timezone))
    steps: dict[str, Callable[[], object]] = {
        "issue": lambda: issue_bill_run(run=run, person=person, at=at),
        "draft_again": lambda: draft_bill_run_again(run=run, cutoff=cutoff),
        "retry_parked": lambda: retry_parked_accounts(run=run, cutoff=cutoff or at, issued_on=today),
        "resume": lambda: resume_bill_run(run=run),
        "pause": lambda: pause_bill_run(run=run),
    }
    steps[step]()


@transaction.atomic
def request_due_bill_runs(*, at: datetime) -> list[BillRun]:
    """Ask for last month's run of each company whose billing day has come; again: nothing changes.

    at: [instant] now. What was received by the first instant of the billing day counts.
    """
    requested = []
    for policy in BillRunPolicy.objects.exclude(billing_day=None).select_related("company"):
        zone = ZoneInfo(policy.company.timezone)
        today = local_date(at, zone)
        due_on = today.replace(day=policy.billing_day or 1)
        month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        if today < due_on or BillRun.objects.filter(company=policy.company, month=month).exists():
            continue
        requested.append(
            request_bill_run(
                company=policy.company,
                month=month,
                cutoff=local_midnight(due_on, zone),
                issued_on=today,
                issues_by_itself=policy.is_automatic,
            )
        )
    return requested


def _require_that_it_has_come(cutoff: datetime, at: datetime) -> None:
    if cutoff > at:
        raise CutoffAhead(
            f"The cut-off {cutoff:%Y-%m-%d %H:%M %Z} lies ahead: now it is {at:%Y-%m-%d %H:%M %Z}. Leave it "
            "out, or give an instant that is past."
        )


def _require_that_the_month_is_over(company: Company, month: date, cutoff: datetime) -> None:
    next_month = month_cycle(month).ends_on
    if cutoff < local_midnight(next_month, ZoneInfo(company.timezone)):
        raise MonthNotOver(
            f"{month:%Y-%m} is not over at the cut-off {cutoff:%Y-%m-%d %H:%M %Z}; bill it from "
            f"{next_month} on."
        )
