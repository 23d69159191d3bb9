"""Do again what was done to events or to a month: what is right stays, what is not becomes so."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Account
from metering.models import AccountPeriod
from metering.services.waking import wake_mediation, wake_rating


@transaction.atomic
def mediate_again(*, account: Account, month: date, resource: str = "") -> int:
    """Have what was received about a resource, or for the account itself, mediated and rated again.

    month: [its first day] whose usage is looked at; of a resource its whole life. Returns how many batches
    wait. A second call before the jobs have run changes nothing.
    """
    period = AccountPeriod.objects.get(account=account, month=month)
    batches = sql.run(
        "metering",
        "requeue_events_of",
        {
            "head_office": account.company.head_office_id,
            "resource": resource,
            "account": account.code,
            "start": period.period_start,
            "until": period.period_end,
        },
    )
    transaction.on_commit(wake_mediation)
    rate_again(account=account, month=month)
    return batches


@transaction.atomic
def rate_again(*, account: Account, month: date) -> None:
    """Have an account's month rated again; of a closed one the difference becomes a correction."""
    AccountPeriod.objects.filter(account=account, month=month).update(stale=True)
    transaction.on_commit(wake_rating)
