"""What one currency is worth in another."""

from typing import Any

from django.db.models import QuerySet

from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.views import VisibleRows
from catalogue.models import ExchangeRate, Scope


class ExchangeRateSerializer(RowSerializer):
    class Meta:
        model = ExchangeRate
        fields = ["base", "quote", "rated_on", "rate", "source"]


def every_exchange_rate(_caller: Any) -> QuerySet[ExchangeRate]:
    return ExchangeRate.objects.all()


class ExchangeRateViewSet(VisibleRows):
    """Rates by day: 1 base = rate quote, never used the other way round."""

    visible = staticmethod(every_exchange_rate)
    scope = Scope.CATALOGUE_READ
    serializer_class = ExchangeRateSerializer
    filterset_fields = {"base": ["exact"], "quote": ["exact"], "rated_on": ["exact", "gte", "lte"]}
