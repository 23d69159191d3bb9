"""What an account used in a month: stretches of billed time and usage records, as they were billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from billing_site.common import sql
from metering.models import AccountPeriod
from metering.selectors.timelines import rebuild_timelines
from metering.selectors.used_usage import collect_used_usage


@dataclass(frozen=True, slots=True)
class Used:
    """One stretch of a resource's time with the size of its item, or (with a `record`) one usage record.

    quantity: [of time: the item's; of a record: in the product's unit, exact]. ended_at: None for a record of
    an instant. state: empty for a record.
    """

    resource: str
    sku: str
    unit: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    quantity: Fraction
    record: str


@transaction.atomic
def used_in_month(*, account_id: int, month: date) -> list[Used]:
    """Return what counted in a closed month, in order of resource, product and time; some 10 queries.

    What was received after its cutoff is left out, so the answer stays the same. A month that is not closed
    gives nothing.
    """
    period = (
        AccountPeriod.objects.select_related("account__company")
        .filter(account=account_id, month=month, cutoff__isnull=False)
        .first()
    )
    if period is None:
        return []
    known = {
        "periods": [period.pk],
        "as_of": period.period_end,
        "bill_month": month,
        "received_by": period.cutoff,
        "until": period.period_end,
        "head_office_id": period.account.company.head_office_id,
        "resource": None,
    }
    sql.run("metering", "drop_rating_tables")
    sql.run("metering", "rating_periods", known)
    sql.run("metering", "explain_late_resources", known)
    rebuild_timelines(received_by=period.cutoff)
    sql.run("metering", "cut_intervals")
    sql.run("metering", "collect_known_life")
    collect_used_usage(received_by=period.cutoff)
    return [
        Used(
            resource=row["resource"],
            sku=row["sku"],
            unit=row["unit"],
            state=row["state"],
            started_at=row["started_at"],
            ended_at=row["ended_at"],
            quantity=Fraction(row["quantity"]) * Fraction(row["numerator"]) / Fraction(row["denominator"]),
            record=row["record"],
        )
        for row in sql.rows("metering", "list_used")
    ]
