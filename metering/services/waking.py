"""Wake the jobs that follow a commit. Beat runs them anyway, so a broker that is away loses nothing."""

import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake_mediation() -> None:
    """Ask a worker to mediate what waits. Call it after the commit, never before."""
    if not settings.CELERY_BROKER_URL:
        return
    try:
        current_app.send_task("metering.tasks.mediate", retry=False)
    except OperationalError as problem:
        log.warning(
            "broker_away", job="mediate", problem=str(problem), what_follows="beat runs it within a minute"
        )
