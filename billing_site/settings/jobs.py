"""Celery: jobs survive a killed worker, and their state is in PostgreSQL, so results are not kept."""

from typing import Any

import environ
from kombu import Queue

from billing_site.schedule import SCHEDULE

env = environ.Env()

CELERY_BROKER_URL = env("BROKER_URL", default="")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A bill run leaves thousands of documents to render, half a second each: nothing else waits behind them.
# A worker that is not told its queues takes from both in turn.
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("celery", "documents")]
CELERY_TASK_ROUTES = {"invoicing.tasks.render_document": {"queue": "documents"}}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 900}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True
# How long a worker may be idle beside waiting messages before it counts as deaf (billing_site/watchdog.py).
CELERY_WORKER_DEAF_SECONDS = env.float("WORKER_DEAF_SECONDS", default=60.0)
