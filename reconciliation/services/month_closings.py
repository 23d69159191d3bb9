"""Take a company's month from open to closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.models import Company, User
from reconciliation.domain.month_closing import STEPS, missing_for
from reconciliation.models import MonthClosing
from reconciliation.selectors.margin import margin_of
from reconciliation.selectors.month_closings import month_checks


class CannotTakeClosingStep(BillingError):
    """A step that the month is not ready for."""

    code = "month_closing"
    is_conflict = True


@transaction.atomic
def take_closing_step(
    *, company: Company, month: date, step: str, person: User, at: datetime
) -> MonthClosing:
    """Take a step (soft_close, reopen, close) of a company's month; taken again it changes nothing.

    month: [its first day]. Closing keeps what the month earned as billed. Raises CannotTakeClosingStep with
    what is missing.
    """
    MonthClosing.objects.get_or_create(company=company, month=month)
    closing = MonthClosing.objects.select_for_update().get(company=company, month=month)
    before, after = STEPS[step]
    if closing.state == after:
        return closing
    if closing.state != before:
        raise CannotTakeClosingStep(
            f"{closing} is {closing.get_state_display()}, and not {MonthClosing.State(before).label}."
        )
    missing = missing_for(step, month_checks(company=company, month=month))
    if missing:
        raise CannotTakeClosingStep(
            " ".join(f"{check.name.capitalize()}: {check.sentence}" for check in missing)
        )
    closing.state = after
    if step == "soft_close":
        closing.soft_closed_by, closing.soft_closed_at = person, at
    elif step == "reopen":
        closing.soft_closed_by = closing.soft_closed_at = None
    else:
        earned = margin_of(company=company, month=month)
        closing.closed_by, closing.closed_at = person, at
        closing.currency, closing.revenue, closing.cost = earned.currency, earned.revenue, earned.cost
    closing.save()
    return closing
