"""What is sold."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.requests import caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.api.prices import PriceSerializer
from catalogue.models import Product, Scope, UnitFactor
from catalogue.selectors.price_timelines import BookTimeline, PriceStretch, book_timelines
from catalogue.selectors.product_search import products_like


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


class PriceStretchSerializer(serializers.Serializer[PriceStretch]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField(allow_null=True, help_text="Exclusive; null: open.")
    price = PriceSerializer(allow_null=True, help_text="In force then; null: none.")


class BookTimelineSerializer(serializers.Serializer[BookTimeline]):
    company = serializers.CharField(source="company.code")
    currency = serializers.CharField()
    stretches = PriceStretchSerializer(many=True, help_text="Without holes, from the first price on.")


class ProductTimelineSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    books = BookTimelineSerializer(many=True)


class ProductFilters(filters.FilterSet):
    search = filters.CharFilter(
        method="having", label="Words that all stand in the SKU, name or family, in any case."
    )

    class Meta:
        model = Product
        fields = ["provider", "region", "family", "category", "kind"]

    def having(self, products: QuerySet[Product], _name: str, words: str) -> QuerySet[Product]:
        return products_like(products, words)


def every_product(_caller: Any) -> QuerySet[Product]:
    return Product.objects.prefetch_related("unit_factors")


class ProductViewSet(VisibleThings):
    """The products; every caller sees all of them."""

    visible = staticmethod(every_product)
    scope = Scope.CATALOGUE_READ
    serializer_class = ProductSerializer
    filterset_class = ProductFilters
    lookup_field = "sku"
    lookup_value_regex = "[^/]+"

    @extend_schema(responses=ProductTimelineSerializer, filters=False)
    @action(detail=True, pagination_class=None)
    def timeline(self, request: Request, sku: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """Say what was, is and will be in force in each price book, all currencies side by side."""
        product = self.get_object()
        books = book_timelines(product, caller_of(request))
        return Response(ProductTimelineSerializer({"sku": product.sku, "books": books}).data)
