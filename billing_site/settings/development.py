"""Settings of a checkout: debug pages, embedded servers, no secrets worth keeping."""

import environ

from billing_site.settings.base import *  # noqa: F403
from billing_site.settings.database import database_from_environment

_env = environ.Env()

DEBUG = _env.bool("DEBUG", default=True)
SECRET_KEY = _env("SECRET_KEY", default="for-this-checkout-only-" + "x" * 40)
ALLOWED_HOSTS = _env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
DATABASES = {"default": database_from_environment(_env, pool=_env.bool("DATABASE_POOL", default=False))}
