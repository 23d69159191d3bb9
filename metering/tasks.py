"""Jobs of metering. Each finds its own work, so a lost or doubled message changes nothing."""

from celery import shared_task

from billing_site.common import clock
from metering.services.exceptions import estimate_money_at_risk, requeue_healed
from metering.services.mediation import mediate_waiting
from metering.services.partitions import ensure_month_partitions
from metering.services.rating import rate_stale_periods, stale_shards
from metering.services.waking import wake_estimates, wake_rating, wake_rating_of


@shared_task(name="metering.tasks.mediate")
def mediate() -> int:
    """Mediate what waits, and what can be placed by now, then have it rated."""
    requeue_healed()
    batches = mediate_waiting(now=clock.now())
    if batches:
        wake_rating()
        wake_estimates()
    return batches


@shared_task(name="metering.tasks.rate")
def rate() -> int:
    """Deal out the months that something new was learnt about, a message for each shard of accounts."""
    shards = stale_shards(as_of=clock.now())
    for shard in shards:
        wake_rating_of(shard)
    return len(shards)


@shared_task(name="metering.tasks.rate_shard")
def rate_shard(shard: int) -> int:
    """Rate the months of a shard of accounts that something new was learnt about, up to now."""
    return rate_stale_periods(as_of=clock.now(), shard=shard)


@shared_task(name="metering.tasks.estimate_exceptions")
def estimate_exceptions() -> int:
    """Estimate what open exceptions may come to."""
    return estimate_money_at_risk(now=clock.now())


@shared_task(name="metering.tasks.make_partitions")
def make_partitions() -> int:
    """Make the bulk tables' partitions of this month and the three after it."""
    return ensure_month_partitions(first=clock.now().date().replace(day=1), months=4)
