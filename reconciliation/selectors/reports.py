"""One reconciliation report of a company's day or month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from catalogue.domain.periods import month_cycle
from catalogue.models import Company
from reconciliation.domain.finding_states import WAITING
from reconciliation.domain.leakage import RULES, RULES_THAT_TELL_COST
from reconciliation.domain.levels import LEVELS
from reconciliation.domain.reports import AtRiskBy, LevelTotal, OpenFinding, Report, TrendDay
from reconciliation.models import Finding, ReconciliationReport, ReconciliationRun, RunTotal

SHOWN = 40
_TREND_DAYS = 30


def report_of_day(*, company: Company, day: date, made_at: datetime, tells_cost: bool = False) -> Report:
    """Return the report of a day (UTC): its runs, and all findings that wait; 6 queries.

    made_at: [instant] for ages. tells_cost: [whether findings that tell of cost are in it].
    """
    start = datetime.combine(day, time(), UTC)
    runs = _newest(
        ReconciliationRun.objects.filter(
            company=company, reconciled_at__gte=start, reconciled_at__lt=start + timedelta(days=1)
        )
    )
    findings = _waiting(company, tells_cost)
    return _report(company, (day, day + timedelta(days=1)), made_at, runs, findings)


def report_of_month(*, company: Company, month: date, made_at: datetime, tells_cost: bool = False) -> Report:
    """Return the report of a month: its newest run at each level, and its findings that wait; 6 queries.

    month: [its first day]. The rest as for a day.
    """
    runs = _newest(ReconciliationRun.objects.filter(company=company, month=month))
    findings = _waiting(company, tells_cost).filter(month=month)
    return _report(company, (month, month_cycle(month).ends_on), made_at, runs, findings)


def _newest(runs: QuerySet[ReconciliationRun]) -> list[int]:
    """The last run of each level and month that tells all of it, or as much as any."""
    newest: dict[tuple[str, date], tuple[tuple[int, datetime, int], int]] = {}
    for run in runs.only("level", "month", "starts_on", "ends_on", "reconciled_at"):
        rank = ((run.ends_on - run.starts_on).days, run.reconciled_at, run.pk)
        key = (run.level, run.month)
        if key not in newest or rank > newest[key][0]:
            newest[key] = (rank, run.pk)
    return [pk for _, pk in newest.values()]


def _waiting(company: Company, tells_cost: bool) -> QuerySet[Finding]:
    findings = Finding.objects.filter(company=company, state__in=WAITING)
    return findings if tells_cost else findings.exclude(level__in=RULES_THAT_TELL_COST)


def _report(
    company: Company,
    days: tuple[date, date],
    made_at: datetime,
    runs: list[int],
    findings: QuerySet[Finding],
) -> Report:
    reporting = (company.parent or company).currency
    first = findings.select_related("account", "owner").order_by("-money_at_risk", "opened_at", "pk")
    known = first.exclude(money_at_risk=None)[:SHOWN]
    shown = [*known, *first.filter(money_at_risk=None)[: SHOWN - len(known)]]
    return Report(
        company=company.code,
        company_name=company.name,
        starts_on=days[0],
        ends_on=days[1],
        made_at=made_at,
        currency=reporting.code,
        minor_units=reporting.minor_units,
        levels=_levels(runs),
        classes=_at_risk_by(findings, "kind", {}),
        sources=_at_risk_by(findings, "level", _NAMES),
        findings=tuple(_open_finding(finding, made_at) for finding in shown),
        trend=_trend(company, days[1]),
    )


_NAMES = {
    **{str(value): str(label) for value, label in ReconciliationRun.Level.choices},
    **{name: rule.title for name, rule in RULES.items()},
}


def _levels(runs: list[int]) -> tuple[LevelTotal, ...]:
    totals = RunTotal.objects.filter(run__in=runs).select_related("run")
    order = {level: place for place, level in enumerate(LEVELS)}
    rows = [
        LevelTotal(
            level=str(total.run.get_level_display()),
            left=LEVELS[total.run.level].left,
            right=LEVELS[total.run.level].right,
            month=total.run.month,
            unit=total.unit,
            compared=total.compared,
            differing=total.differing,
            first=total.first,
            second=total.second,
        )
        for total in sorted(totals, key=lambda one: (one.run.month, order[one.run.level], one.unit))
    ]
    return tuple(rows)


def _at_risk_by(findings: QuerySet[Finding], field: str, names: dict[str, str]) -> tuple[AtRiskBy, ...]:
    rows = (
        findings.order_by()
        .values_list(field)
        .annotate(count=Count("pk"), risk=Sum("money_at_risk"), unknown=Count("pk", Q(money_at_risk=None)))
    )
    found = [
        AtRiskBy(names.get(name, name), count, risk or Decimal(0), unknown)
        for name, count, risk, unknown in rows
    ]
    return tuple(sorted(found, key=lambda by: (-by.at_risk, by.name)))


def _open_finding(finding: Finding, made_at: datetime) -> OpenFinding:
    return OpenFinding(
        id=finding.pk,
        kind=finding.get_kind_display(),
        state=finding.get_state_display(),
        found_by=finding.level_name,
        month=finding.month,
        account=finding.account.code if finding.account else "",
        sku=finding.sku,
        resource=finding.resource,
        difference=finding.difference,
        unit=finding.unit,
        at_risk=finding.money_at_risk,
        age_days=max((made_at - finding.opened_at).days, 0),
        owner=str(finding.owner or ""),
    )


def _trend(company: Company, before: date) -> tuple[TrendDay, ...]:
    made = ReconciliationReport.objects.filter(
        company=company, reported_on__lt=before, reported_on__gte=before - timedelta(days=_TREND_DAYS)
    ).order_by("reported_on")
    return tuple(
        TrendDay(day, count, risk)
        for day, count, risk in made.values_list("reported_on", "open_findings", "money_at_risk")
    )
