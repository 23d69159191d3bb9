"""Jobs of metering. Each finds its own work, so a lost or doubled message changes nothing."""

from celery import shared_task

from billing_site.common import clock
from metering.services.mediation import mediate_waiting
from metering.services.partitions import ensure_month_partitions
from metering.services.rating import rate_stale_periods
from metering.services.waking import wake_rating


@shared_task(name="metering.tasks.mediate")
def mediate() -> int:
    """Mediate what waits, then have it rated."""
    batches = mediate_waiting(now=clock.now())
    if batches:
        wake_rating()
    return batches


@shared_task(name="metering.tasks.rate")
def rate() -> int:
    """Rate the months that something new was learnt about, up to now."""
    return rate_stale_periods(as_of=clock.now())


@shared_task(name="metering.tasks.make_partitions")
def make_partitions() -> int:
    """Make the bulk tables' partitions of this month and the three after it."""
    return ensure_month_partitions(first=clock.now().date().replace(day=1), months=4)
