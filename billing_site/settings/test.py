"""Settings of the test suite: quick password hashes, documents in memory, the rest as in production."""

import environ

from billing_site.settings.base import *  # noqa: F403
from billing_site.settings.database import database_from_environment
from billing_site.settings.storage import STORAGES

_env = environ.Env()

DEBUG = False
SECRET_KEY = "for-tests-only-" + "x" * 40
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
# The type checker and importers read settings without a server; whoever queries has set DATABASE_URL.
DATABASES = {
    "default": database_from_environment(
        environ.Env(DATABASE_URL=(str, "postgresql:///meridian")), pool=False
    )
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
