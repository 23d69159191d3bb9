"""Months of the bulk tables as partitions: made ahead, detached when they are past keeping."""

from datetime import date

from django.db import transaction

from billing_site.common import sql

PARTITIONED = ("metering_lifecycleevent", "metering_usageevent", "metering_charge")


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
    """Take a month out of a bulk table and tell whether it was in; its rows stay in a table of their own."""
    return bool(
        sql.rows("metering", "detach_month_partition", {"table": table, "month": month})[0]["detached"]
    )
