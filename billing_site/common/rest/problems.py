"""Errors of the API as problem+json (RFC 9457): one shape for every refusal."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import MultipleObjectsReturned, RequestDataTooBig
from django.db import OperationalError
from django.http import JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from billing_site.common.errors import BillingError
from billing_site.common.rest.requests import NotFound
from billing_site.common.tables import TableRefused

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"


class TooLarge(exceptions.APIException):
    """A body that is larger than what is taken at once."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class Ambiguous(exceptions.APIException):
    """A name that several things have, each in a place of its own."""

    status_code = HTTPStatus.CONFLICT
    default_code = "ambiguous"
    default_detail = "Several things have this name; narrow the request with a filter."


class Unavailable(exceptions.APIException):
    """The database is away for the moment: what was sent may or may not have been stored."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = "The database does not answer for the moment; send the same request again."
    wait = 5  # seconds, as the header Retry-After


class Conflict(exceptions.APIException):
    """A request that is right in itself and against what is there."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


def problem(status: int, detail: str, code: str, **more: Any) -> dict[str, Any]:
    """Return the members of a problem; `code` is stable and for programs, `detail` is for people."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}


def answer_with_problem(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; None (Django's 500) for what nobody foresaw."""
    if isinstance(exception, TableRefused):
        exception = _by_line(exception)
    if isinstance(exception, BillingError):
        status = HTTPStatus.CONFLICT if exception.is_conflict else HTTPStatus.BAD_REQUEST
        body = problem(status, exception.sentence, exception.code)
        return Response(body, status=status, content_type=CONTENT_TYPE)
    if isinstance(exception, MultipleObjectsReturned):
        exception = Ambiguous()
    if isinstance(exception, RequestDataTooBig):
        exception = TooLarge(
            f"The body is longer than the {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes that are taken here; "
            "send less at once."
        )
    if isinstance(exception, OperationalError):
        log.error("database_away", problem=str(exception))
        exception = Unavailable()
    response = exception_handler(exception, context)
    if response is None:
        return None
    detail = getattr(exception, "detail", None)
    if isinstance(exception, exceptions.ValidationError):
        errors = list(_errors(exception.detail))
        sentence = "The request has values that cannot be used; see errors."
        response.data = problem(response.status_code, sentence, "invalid", errors=errors)
    elif detail is None:
        missing = (
            NotFound() if response.status_code == HTTPStatus.NOT_FOUND else exceptions.PermissionDenied()
        )
        response.data = problem(response.status_code, str(missing.detail), missing.default_code)
    else:
        response.data = problem(response.status_code, str(detail), str(detail.code))
    response.content_type = CONTENT_TYPE
    return response


def problem_page(status: int, detail: str, code: str, **more: Any) -> JsonResponse:
    """Answer outside the views of the API (no such address, a broken view) in the same shape."""
    return JsonResponse(problem(status, detail, code, **more), status=status, content_type=CONTENT_TYPE)


def _by_line(refused: TableRefused) -> exceptions.ValidationError:
    """What is wrong with a table, by line and column; with what came alone, by field."""
    errors: dict[str, Any] = {}
    for finding in refused.findings:
        where = errors.setdefault(f"line {finding.line}", {}) if finding.line else errors
        where.setdefault(finding.column or "non_field_errors", []).append(finding.sentence)
    return exceptions.ValidationError(errors)


def _errors(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            is_nested = isinstance(inner, dict | list)
            yield from _errors(inner, f"{pointer}/{position}" if is_nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def describe_problems(result: dict[str, Any], **_how: Any) -> dict[str, Any]:
    """Say in the OpenAPI schema that whatever is not listed is a problem (a hook of drf-spectacular)."""
    text = {"type": "string"}
    error = {"type": "object", "properties": {"pointer": text, "detail": text}}
    result["components"]["schemas"]["Problem"] = {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "For people: what is wrong and what to do."},
            "code": {"type": "string", "description": "For programs: it does not change."},
            "errors": {
                "type": "array",
                "items": error,
                "description": "Of code `invalid`: what is wrong where.",
            },
        },
    }
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = {"description": "A refusal.", "content": content}
    return result
