"""Months of the bulk tables as partitions: made ahead, detached when they are past keeping."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from billing_site.common import sql
from billing_site.common.errors import BillingError
from metering.models import DetachedMonth

PARTITIONED = ("metering_lifecycleevent", "metering_usageevent", "metering_charge")


class CannotDetach(BillingError):
    """Something is still computed from the month."""

    code = "cannot_detach"


@transaction.atomic
def ensure_month_partitions(*, first: date, months: int) -> int:
    """Give each month from `first` [a first day] on a partition in every bulk table; return how many are new.

    Rows of such a month that came before its partition move into it. A second run makes none.
    """
    made = sql.rows(
        "metering", "make_month_partitions", {"tables": list(PARTITIONED), "first": first, "months": months}
    )
    return int(made[0]["made"])


@transaction.atomic
def detach_month(*, table: str, month: date) -> bool:
    """Take a month out of a bulk table and tell whether it was in; its rows stay in a table of their own.

    What was billed from it stays: it is remembered as detached. Raises CannotDetach while something is
    computed from it: rating would take back what it does not find.
    """
    (needed,) = sql.rows("metering", "keeps_month_in_use", {"table": table, "month": month})
    if needed["open_periods"]:
        raise CannotDetach(
            f"{month:%Y-%m} cannot be detached: {needed['open_periods']} months of accounts that it touches "
            "are open or wait for rating. Bill and rate them first."
        )
    if needed["living"]:
        raise CannotDetach(
            f"{month:%Y-%m} cannot be detached: {needed['living']} resources with events in it still live, "
            "and their lives are computed from these. Wait until they have ended."
        )
    (done,) = sql.rows("metering", "detach_month_partition", {"table": table, "month": month})
    if done["detached"]:
        starts_at = datetime.combine(month, time(), UTC)
        ends_at = (starts_at + timedelta(days=31)).replace(day=1)
        DetachedMonth.objects.get_or_create(
            table_name=table, starts_at=starts_at, defaults={"ends_at": ends_at}
        )
    return bool(done["detached"])
