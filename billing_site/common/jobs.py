"""Ask for a job by name."""

import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake(job: str, *arguments: int) -> None:
    """Send a Celery task; without a broker, leave it to the schedule, which runs it too."""
    if not settings.CELERY_BROKER_URL:
        return
    try:
        current_app.send_task(job, arguments, retry=False)
    except OperationalError as problem:
        log.warning("broker_away", job=job, problem=str(problem), what_follows="the schedule runs it")
