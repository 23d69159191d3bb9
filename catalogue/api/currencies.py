"""The currencies of ISO 4217."""

from typing import Any

from django.db.models import QuerySet

from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Currency, Scope


class CurrencySerializer(RowSerializer):
    class Meta:
        model = Currency
        fields = ["code", "name", "minor_units"]


def every_currency(_caller: Any) -> QuerySet[Currency]:
    return Currency.objects.all()


class CurrencyViewSet(VisibleRows):
    """Currencies with their minor units: amounts of an invoice are rounded to them."""

    visible = staticmethod(every_currency)
    scope = Scope.CATALOGUE_READ
    serializer_class = CurrencySerializer
    filterset_fields = ["code"]
