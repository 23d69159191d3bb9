"""Reconcile every company each day, by itself."""

from __future__ import annotations

from datetime import datetime

from catalogue.models import Company
from reconciliation.models import ReconciliationRun
from reconciliation.selectors.schedule import daily_work
from reconciliation.services.reconciling import reconcile_days


def reconcile_daily(*, company_id: int, at: datetime) -> list[ReconciliationRun]:
    """Make a company's runs of the day (UTC) of an instant; those that are there are not made again.

    Each part is a transaction: killed anywhere, the next call makes the rest.
    """
    company = Company.objects.select_related("parent").get(pk=company_id)
    return [
        run
        for part in daily_work(company=company, at=at)
        for run in reconcile_days(
            company=company,
            starts_on=part.starts_on,
            ends_on=part.ends_on,
            levels=part.levels,
            at=at,
            scheduled_on=at.date(),
        )
    ]
