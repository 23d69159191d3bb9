"""Importing the package makes the Celery application known, so that tasks are sent by name."""

from billing_site.celery import app as celery_app

__all__ = ["celery_app"]
