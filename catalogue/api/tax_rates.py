"""What the state takes."""

from typing import Any

from django.db.models import QuerySet

from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Scope, TaxRate


class TaxRateSerializer(RowSerializer):
    class Meta:
        model = TaxRate
        fields = ["country", "category", "name", "percent", "valid_from"]


def every_tax_rate(_caller: Any) -> QuerySet[TaxRate]:
    return TaxRate.objects.all()


class TaxRateViewSet(VisibleRows):
    """Tax rates by country, category and name, each from a day on; of different names they add up."""

    visible = staticmethod(every_tax_rate)
    scope = Scope.CATALOGUE_READ
    serializer_class = TaxRateSerializer
    filterset_fields = {"country": ["exact"], "category": ["exact"], "valid_from": ["exact", "lte"]}
