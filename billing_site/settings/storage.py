"""Where documents and static files lie; another storage by setting, local disk by default."""

from pathlib import Path

import environ

env = environ.Env()
_ROOT = Path(__file__).resolve().parents[2]

STATIC_URL = "static/"
STATICFILES_DIRS = [_ROOT / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=_ROOT / ".local" / "static")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=_ROOT / ".local" / "documents")
STORAGES = {
    "default": {
        "BACKEND": env("DOCUMENT_STORAGE", default="django.core.files.storage.FileSystemStorage"),
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
