"""Where documents and static files lie; another storage by setting, local disk by default."""

from pathlib import Path

import environ

env = environ.Env()
_ROOT = Path(__file__).resolve().parents[2]
# Where the embedded servers keep their data too: one folder holds all that is of this machine.
_LOCAL = _ROOT / env("MERIDIAN_LOCAL_DIR", default=".local")

STATIC_URL = "static/"
STATICFILES_DIRS = [_ROOT / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=_LOCAL / "static")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=_LOCAL / "documents")
STORAGES = {
    "default": {
        "BACKEND": env("DOCUMENT_STORAGE", default="django.core.files.storage.FileSystemStorage"),
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Of a form with a file. Longer ones are refused before they are stored anywhere; also of files sent by API.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=512_000_000)
FILE_UPLOAD_HANDLERS = [
    "billing_site.common.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
