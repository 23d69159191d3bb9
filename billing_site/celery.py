"""The Celery application: `celery -A billing_site worker`."""

import os

from celery import Celery

from billing_site import watchdog  # noqa: F401 - it connects itself to the worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_site.settings.production")

app = Celery("meridian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
