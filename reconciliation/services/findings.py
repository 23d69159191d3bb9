"""Keep what runs find as work: each difference once, for as long as it is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from catalogue.models import Company
from reconciliation.domain.finding_states import state_when_found
from reconciliation.domain.findings import Found
from reconciliation.models import Finding, FindingChange

# One writer for a company's findings at a time. Any constant will do.
_LOCK = 0x46494E44
_AT_ONCE = 2_000
_WRITTEN = (
    *("kind", "account_id", "sku", "resource", "unit", "first", "second", "difference", "money_at_risk"),
    *("currency", "note", "state", "opened_at", "seen_at", "closed_at"),
)
# A change of these is another difference; rates of exchange and arrivals change the rest from day to day.
_SUBSTANCE = ("first", "second", "difference")


@transaction.atomic
def record_findings(
    *, company: Company, level: str, found: Iterable[Found], at: datetime, month: date | None = None
) -> None:
    """Set what was found at a level beside what is known: open, keep, reopen, or fix what is gone.

    month: [its first day] that was looked at; None: all. at: [instant] of the look; one older than the last
    leaves newer rows alone. Idempotent by company, level, month and key: the same again changes nothing but
    when it was seen. Each change is kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, company.pk])
    seen = {one.identity: one for one in found}
    scope = Finding.objects.filter(company=company, level=level, **({"month": month} if month else {}))
    # Two months may share a key: what is looked up too much is neither found nor open, and stays as it is.
    asked = Q(closed_at=None) | Q(key__in=[key for _, key in seen])
    known = {(row.month, row.key): row for row in scope.filter(asked).select_for_update(of=("self",))}
    currency = (company.parent or company).currency_id
    changes: list[FindingChange] = []
    new = [
        _opened(company, level, one, currency, at) for identity, one in seen.items() if identity not in known
    ]
    changes += [_change(finding, "found", at) for finding in new]
    for identity, finding in known.items():
        if finding.seen_at > at:
            continue
        one = seen.get(identity)
        what = _see_again(finding, one, at) if one else _fix(finding, at)
        if what:
            changes.append(_change(finding, what, at))
    Finding.objects.bulk_create(new, batch_size=_AT_ONCE)
    Finding.objects.bulk_update(known.values(), _WRITTEN, batch_size=_AT_ONCE)
    FindingChange.objects.bulk_create(changes, batch_size=_AT_ONCE)


def _opened(company: Company, level: str, found: Found, currency: str, at: datetime) -> Finding:
    finding = Finding(
        company=company,
        level=level,
        month=found.month,
        key=found.key,
        currency=currency,
        opened_at=at,
    )
    _take_over(finding, found, at)
    return finding


def _take_over(finding: Finding, found: Found, at: datetime) -> None:
    values = asdict(found)
    finding.money_at_risk = values.pop("at_risk")
    for name, value in values.items():
        setattr(finding, name, value)
    finding.seen_at = at


def _see_again(finding: Finding, found: Found, at: datetime) -> str:
    """Bring a known finding up to date; return what happened to it, "" if nothing did."""
    before = finding.state
    is_changed = any(getattr(finding, name) != getattr(found, name) for name in _SUBSTANCE)
    finding.state = state_when_found(before, is_changed=is_changed)
    _take_over(finding, found, at)
    if before == "fixed":
        finding.opened_at, finding.closed_at = at, None
        return "came_back"
    return "changed" if is_changed else ""


def _fix(finding: Finding, at: datetime) -> str:
    if finding.state == "fixed":
        return ""
    finding.state, finding.closed_at = "fixed", at
    return "gone"


def _change(finding: Finding, what: str, at: datetime) -> FindingChange:
    return FindingChange(
        finding=finding, at=at, what=what, state=finding.state, difference=finding.difference
    )
