"""Which credit notes a person sees, and how their values are written."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from catalogue.models import Currency
from catalogue.selectors.reach import Caller
from invoicing.selectors.visible import visible_credit_notes


def listed_credit_notes(caller: Caller) -> QuerySet[Any]:
    """One row a credit note that a caller may see, the latest first; 1 query.

    Each carries how its account reads: `locale`, `timezone`, `minor_units`.
    """
    minor_units = Currency.objects.filter(code=OuterRef("currency")).values("minor_units")
    return (
        visible_credit_notes(caller)
        .annotate(
            locale=F("account__locale"),
            timezone=F("account__timezone"),
            minor_units=Subquery(minor_units),
        )
        .order_by("-issued_on", "-number")
    )
