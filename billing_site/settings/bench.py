"""Settings of a measured server: as in production, on this checkout's embedded database."""

from billing_site.settings.development import *  # noqa: F403

DEBUG = False
ROOT_URLCONF = "billing_site.bench.urls"
