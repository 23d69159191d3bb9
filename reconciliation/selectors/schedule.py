"""What the daily schedule compares: of each company the levels for which there is something to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalogue.models import Company
from metering.models import AccountPeriod
from reconciliation.domain.levels import LEVELS
from reconciliation.models import (
    ControlDay,
    FinanceTotal,
    OtherInvoice,
    ReconciliationReport,
    ReconciliationRequest,
    ReconciliationRun,
)

Level = ReconciliationRun.Level
# A control file that comes some days late is still compared by the schedule, whatever month it is about.
_DAYS_BACK = 7


@dataclass(frozen=True, slots=True)
class DailyWork:
    """Days [starts_on, ends_on) that are compared at levels."""

    starts_on: date
    ends_on: date
    levels: tuple[Level, ...]


def daily_work(*, company: Company, at: datetime) -> list[DailyWork]:
    """Return what is compared for a company on the day (UTC) of an instant; six queries.

    Days: those of this month before today, and all of the last month in the first week. Months: the one under
    way as far as it is rated, and the last closed one.
    Levels that need a feed of another system, from when it came first.
    """
    today = at.date()
    feeds = _feeds_of(company)
    of_days = tuple(level for level in Level if LEVELS[level].days and LEVELS[level].feed in feeds)
    of_months = tuple(level for level in Level if not LEVELS[level].days and LEVELS[level].feed in feeds)
    work = [
        DailyWork((today - timedelta(days=_DAYS_BACK)).replace(day=1), today, of_days),
        DailyWork(today, today + timedelta(days=1), _of_open_month(company, today)),
    ]
    closed = _last_closed_month(company, today)
    if closed is not None:
        work.append(DailyWork(closed, closed + timedelta(days=1), of_months))
    return [part for part in work if part.levels]


def companies_with_accounts() -> list[int]:
    """Return the ids of the companies that sell or send, by id; one query each for thousands of them."""
    sending = ControlDay.objects.values("company_id")
    selling = Company.objects.filter(accounts__isnull=False) | Company.objects.filter(pk__in=sending)
    return list(selling.distinct().order_by("pk").values_list("pk", flat=True))


def companies_to_report(*, day: date) -> list[int]:
    """Return the ids of the companies that have no report of a day (UTC), by id; two queries."""
    made = set(ReconciliationReport.objects.filter(reported_on=day).values_list("company_id", flat=True))
    return [company for company in companies_with_accounts() if company not in made]


def waiting_requests() -> list[int]:
    """Return the ids of the requests that no worker has answered, the first asked for first; one query."""
    waiting = ReconciliationRequest.objects.filter(done_at=None).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def _of_open_month(company: Company, today: date) -> tuple[Level, ...]:
    """What finance books by day is compared from the first day on."""
    by_day = FinanceTotal.objects.filter(company=company, month=today.replace(day=1), day__isnull=False)
    return (Level.RECEIVED_TO_RATED, *((Level.BILLING_TO_FINANCE,) if by_day.exists() else ()))


def _feeds_of(company: Company) -> set[str]:
    feeds = {""}
    if ControlDay.objects.filter(company=company).exists():
        feeds.add("control")
    if FinanceTotal.objects.filter(company=company).exists():
        feeds.add("finance")
    if OtherInvoice.objects.filter(company=company).exists():
        feeds.add("export")
    return feeds


def _last_closed_month(company: Company, today: date) -> date | None:
    closed = AccountPeriod.objects.filter(
        account__company=company, cutoff__isnull=False, month__lte=today
    ).order_by("-month")
    return closed.values_list("month", flat=True).first()
