"""Reconcile now: manage.py reconcile [--company DE] --month 2026-03 | --from DAY --until DAY [--level X]."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common import clock
from billing_site.common.errors import BillingError
from catalogue.domain.periods import month_cycle
from catalogue.models import Company
from catalogue.selectors.companies import company_or_head_office
from reconciliation.models import ReconciliationRun
from reconciliation.selectors.schedule import companies_with_accounts
from reconciliation.services.reconciling import reconcile_days

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Compare a company, or all of them, at levels, for a month or days; prints a line a run and "
        f"the first {_SHOWN} discrepancies of each. Ends with 1 if there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", help="Code of a company; default: all that sell or send.")
        parser.add_argument("--month", type=_month, help="2026-03")
        parser.add_argument("--from", dest="starts_on", type=date.fromisoformat, help="The first day.")
        parser.add_argument("--until", type=date.fromisoformat, help="The day after the last one.")
        parser.add_argument("--level", action="append", choices=ReconciliationRun.Level.values, default=[])
        parser.add_argument("--tolerance", type=int, default=0, help="In the currency's smallest units.")

    def handle(self, *_args: Any, **options: Any) -> None:
        starts_on, ends_on = _days(options)
        levels = [
            level for level in ReconciliationRun.Level if level in options["level"] or not options["level"]
        ]
        try:
            companies = _companies(options["company"])
        except BillingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        differing = 0
        for company in companies:
            for run in reconcile_days(
                company=company,
                starts_on=starts_on,
                ends_on=ends_on,
                levels=levels,
                at=clock.now(),
                tolerance=options["tolerance"],
            ):
                differing += self._tell(run)
        if differing:
            raise CommandError(f"{differing:,} keys differ.")

    def _tell(self, run: ReconciliationRun) -> int:
        count = run.discrepancies.count()
        what = f"{run.company.code:10} {run.starts_on} to {run.ends_on} {run.get_level_display():30}"
        self.stdout.write(f"{what} {run.compared:>10,} compared, {count:,} differ")
        for found in run.discrepancies.order_by("key")[:_SHOWN]:
            beside = f" ({found.note})" if found.note else ""
            self.stdout.write(f"  {found.kind:8} {found.key}: {found.difference.normalize():f}{beside}")
        return count


def _companies(code: str | None) -> list[Company]:
    if code is not None:
        return [company_or_head_office(code)]
    return list(Company.objects.select_related("parent").filter(pk__in=companies_with_accounts()))


def _days(options: dict[str, Any]) -> tuple[date, date]:
    month, starts_on, ends_on = options["month"], options["starts_on"], options["until"]
    if month and not (starts_on or ends_on):
        return month, month_cycle(month).ends_on
    if month or not (starts_on and ends_on and starts_on < ends_on):
        raise CommandError("Say --month 2026-03, or --from and a later --until.")
    return starts_on, ends_on


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
