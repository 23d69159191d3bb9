"""What people do with a finding: take it, move it on, comment; each is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.models import ApiKey, User
from catalogue.selectors.reach import Caller
from reconciliation.domain.finding_states import state_after
from reconciliation.models import Finding, FindingChange
from reconciliation.selectors.visible import possible_owners


class NothingSaid(BillingError):
    """A comment without a word."""

    code = "nothing_said"


class NotAnOwner(BillingError):
    """Somebody who is no operator of the company or its head office."""

    code = "not_an_owner"


@transaction.atomic
def take_finding_step(*, finding_id: int, step: str, by: Caller, at: datetime, reason: str = "") -> Finding:
    """Move a finding to another state.

    step: [of domain/finding_states.py]. reason: [a sentence]. Raises CannotTakeFindingStep, ReasonMissing.
    """
    finding = held_finding(finding_id)
    finding.state = state_after(step, finding.state, reason)
    finding.save(update_fields=["state"])
    keep_change(finding, step, by=by, at=at, text=reason.strip())
    return finding


@transaction.atomic
def comment_on_finding(*, finding_id: int, text: str, by: Caller, at: datetime) -> FindingChange:
    """Keep a comment. Raises NothingSaid."""
    if not text.strip():
        raise NothingSaid("Write what you found out.")
    return keep_change(held_finding(finding_id), "comment", by=by, at=at, text=text.strip())


@transaction.atomic
def assign_finding(*, finding_id: int, owner: str, by: Caller, at: datetime) -> Finding:
    """Give a finding to a person; the one who has it already keeps it and nothing is written.

    owner: [user name] of an operator of the company or its head office; "": nobody. Raises NotAnOwner.
    """
    finding = held_finding(finding_id)
    person = possible_owners(finding).filter(username=owner).first() if owner else None
    if owner and person is None:
        raise NotAnOwner(f"There is no {owner} at {finding.company.code} or its head office to give it to.")
    if finding.owner != person:
        finding.owner = person
        finding.save(update_fields=["owner"])
        keep_change(finding, "assign", by=by, at=at, text=owner or "nobody")
    return finding


def keep_change(finding: Finding, what: str, *, by: Caller, at: datetime, text: str) -> FindingChange:
    """Add a line to a held finding's history."""
    return FindingChange.objects.create(
        finding=finding,
        at=at,
        by=_name(by),
        what=what,
        state=finding.state,
        difference=finding.difference,
        text=text,
    )


def held_finding(finding_id: int) -> Finding:
    """Return a finding as it is now, held until the transaction ends."""
    findings = Finding.objects.select_for_update(of=("self",), no_key=True)
    return findings.select_related("company__parent", "owner", "account__company").get(pk=finding_id)


def _name(caller: Caller) -> str:
    if isinstance(caller, ApiKey):
        return f"key {caller.name}"
    assert isinstance(caller, User)
    return caller.username
