"""What is sold."""

from typing import Any

from django.db.models import QuerySet

from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Product, Scope, UnitFactor


class UnitFactorSerializer(RowSerializer):
    class Meta:
        model = UnitFactor
        fields = ["unit", "numerator", "denominator"]


class ProductSerializer(RowSerializer):
    unit_factors = UnitFactorSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = [
            *("sku", "name", "family", "category", "provider", "region", "unit", "unit_factors", "kind"),
            *("aggregation", "cycle", "in_advance", "proration", "billed_states", "time_rounding"),
            *("tax_category", "ended_at"),
        ]


def every_product(_caller: Any) -> QuerySet[Product]:
    return Product.objects.prefetch_related("unit_factors")


class ProductViewSet(VisibleThings):
    """The products; every caller sees all of them."""

    visible = staticmethod(every_product)
    scope = Scope.CATALOGUE_READ
    serializer_class = ProductSerializer
    filterset_fields = ["provider", "region", "family", "category", "kind"]
    lookup_field = "sku"
    lookup_value_regex = "[^/]+"
