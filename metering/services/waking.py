"""Wake the jobs that follow a commit. Beat runs them anyway, so a broker that is away loses nothing."""

from billing_site.common.jobs import wake


def wake_mediation() -> None:
    """Ask a worker to mediate what waits. Call it after the commit, never before."""
    wake("metering.tasks.mediate")


def wake_rating_of(shard: int) -> None:
    """Ask a worker to rate what is stale of a shard of accounts."""
    wake("metering.tasks.rate_shard", shard)


def wake_rating() -> None:
    """Ask a worker to rate what is stale. Call it after the commit, never before."""
    wake("metering.tasks.rate")


def wake_estimates() -> None:
    """Ask a worker to estimate what new exceptions may come to. Call it after the commit, never before."""
    wake("metering.tasks.estimate_exceptions")
