"""Which accounts are taxed otherwise than their country and products say."""

from datetime import date

from django.db.models import Q, QuerySet

from catalogue.models import TaxTreatment


def tax_treatments_on(issued_on: date) -> QuerySet[TaxTreatment]:
    """One row a treatment that is valid for documents issued on a day; an account may have several."""
    return TaxTreatment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=issued_on), valid_from__lte=issued_on
    )
