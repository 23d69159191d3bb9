"""What the views that take tables of other systems share."""

from typing import Any

from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request

from billing_site.common.rest.requests import caller_of
from billing_site.common.tables import TableRefused
from catalogue.models import Company


def sender_of(request: Request) -> Company:
    """Return the company for which something is sent. Raises PermissionDenied."""
    caller = caller_of(request)
    company: Company | None = caller.company
    if company is None or getattr(caller, "account_id", None) is not None:
        raise PermissionDenied("This is sent for a company; use a key of a company, not of an account.")
    return company


def refused_items(refused: TableRefused, name: str) -> ValidationError:
    """What is wrong with the list of that name in a body, by index and field."""
    errors: dict[str, Any] = {}
    items: dict[str, Any] = {}
    for finding in refused.findings:
        where = items.setdefault(str(finding.line - 1), {}) if finding.line else errors
        where.setdefault(finding.column or "non_field_errors", []).append(finding.sentence)
    return ValidationError(errors | ({name: items} if items else {}))
