"""Settings of a real installation: everything secret or local must come from the environment."""

import environ

from billing_site.settings.base import *  # noqa: F403
from billing_site.settings.database import database_from_environment
from billing_site.settings.storage import STORAGES

_env = environ.Env()

DEBUG = False
SECRET_KEY = _env("SECRET_KEY")
ALLOWED_HOSTS = _env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASES = {"default": database_from_environment(_env, pool=_env.bool("DATABASE_POOL", default=True))}
CELERY_BROKER_URL = _env("BROKER_URL")
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = _env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = _env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
