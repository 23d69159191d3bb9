"""Close by hand what nobody will mend: with a reason that stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing_site.common.errors import BillingError
from metering.models import EventException
from metering.models.exceptions import DISMISSIBLE_KINDS


class CannotDismiss(BillingError):
    """An exception that is not for a person to close."""

    code = "cannot_dismiss"
    is_conflict = True


def check_dismissible(exception: EventException) -> None:
    """Raise CannotDismiss if it is closed already, or holds back what would be billed."""
    if exception.kind not in DISMISSIBLE_KINDS:
        raise CannotDismiss(
            f"It holds back what would be billed, so it closes by itself and not by hand. {exception.reason}"
        )
    if exception.closed_at is not None:
        raise CannotDismiss(f"It was closed at {exception.closed_at:%Y-%m-%d %H:%M} UTC; leave it so.")


@transaction.atomic
def dismiss_exception(*, exception: EventException, by: str, because: str, now: datetime) -> EventException:
    """Close an open exception for good: found again, it stays closed. Nothing of what is billed changes.

    by: who says so. because: [not empty] why nothing is to be done. Said again with the same reason, it
    changes nothing. Raises CannotDismiss if it is closed already, or holds back what would be billed.
    """
    locked = EventException.objects.select_for_update().get(pk=exception.pk)
    if locked.dismissed_because == because:
        return locked
    check_dismissible(locked)
    locked.closed_at, locked.dismissed_by, locked.dismissed_because = now, by, because
    locked.save(update_fields=["closed_at", "dismissed_by", "dismissed_because"])
    return locked
