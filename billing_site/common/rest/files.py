"""A CSV file as the body of a request."""

from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from billing_site.common.rest.bodies import Body
from billing_site.common.rest.problems import TooLarge


class ImportQuery(Body):
    dry_run = serializers.BooleanField(default=False, help_text="Check only; save nothing.")


class CsvBody(BaseParser):
    """Hands the body over as bytes: the service reads it."""

    media_type = "text/csv"

    def parse(self, stream: IO[bytes], *_how: Any) -> bytes:  # type: ignore[override]
        return stream.read()


class JsonText(CsvBody):
    """Hands JSON over as bytes: thousands of lines are read without a serializer for each."""

    media_type = "application/json"


def file_of(request: Request, command: str) -> BytesIO:
    """Return the body as a file; `command` is what takes larger ones. Raises TooLarge."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.CSV_FILE_MAX_BYTES:
        raise TooLarge(
            f"At most {settings.CSV_FILE_MAX_BYTES} bytes are taken at once; send several files, or use "
            f"manage.py {command}."
        )
    return BytesIO(request.data if isinstance(request.data, bytes) else b"")
