"""From when on accounts may have events."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from catalogue.models import Account


def opened_at_by_code(codes: Collection[str], *, company_id: int) -> dict[str, datetime]:
    """Return the opening instant of each account that has one, by code; one query.

    Only accounts of the company and, if it is a head office, of its sales offices.
    """
    if not codes:
        return {}
    opened = Account.objects.filter(
        Q(company_id=company_id) | Q(company__parent_id=company_id), code__in=codes, opened_at__isnull=False
    )
    return {code: instant for code, instant in opened.values_list("code", "opened_at") if instant}
