"""At which price."""

from typing import Any

from django.db.models import Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Price, PriceTier, Scope
from catalogue.selectors.price_gaps import PriceGap, price_gaps
from catalogue.selectors.visible import visible_accounts, visible_companies, visible_prices


class PriceTierSerializer(RowSerializer):
    class Meta:
        model = PriceTier
        fields = ["lower", "up_to", "unit_price", "flat_fee"]


class PriceSerializer(RowSerializer):
    company = CodeField(help_text="Whose price book.")
    sku = serializers.CharField(source="product.sku", read_only=True)
    account = CodeField(help_text="Agreed with it; null: the book.")
    tiers = PriceTierSerializer(many=True, read_only=True)

    class Meta:
        model = Price
        fields = [
            *("id", "company", "sku", "currency", "account", "valid_from", "valid_to", "model", "unit_price"),
            *("fee", "package_size", "package_price", "percent", "fixed_fee", "tiers", "included", "cap"),
            *("minimum", "scope", "note", "superseded_at"),
        ]


class GapQuery(Body):
    """Which gaps; the last three are of the last gap of the page before."""

    company = serializers.CharField(help_text="The code of the company whose book it is.")
    since = serializers.DateTimeField(required=False, help_text="Gaps not over by then. Default: now.")
    page_size = serializers.IntegerField(min_value=1, max_value=1000, default=100)
    after_sku = serializers.CharField(required=False)
    after_currency = serializers.CharField(required=False, default="")
    after_from = serializers.DateTimeField(required=False, default=None, allow_null=True)


class PriceGapSerializer(serializers.Serializer[PriceGap]):
    sku = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    gap_from = serializers.DateTimeField(allow_null=True, help_text="Null: there never was a price.")
    gap_to = serializers.DateTimeField(allow_null=True, help_text="Exclusive; null: open.")


class PriceGapsSerializer(serializers.Serializer[Any]):
    more = serializers.BooleanField(help_text="Ask again with the last row as `after_...`.")
    results = PriceGapSerializer(many=True)


class PriceFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="account")
    sku = filters.CharFilter(field_name="product__sku")
    valid_at = filters.IsoDateTimeFilter(
        method="of_instant",
        label="Entries in force at an instant; of several the latest `valid_from` counts.",
    )

    class Meta:
        model = Price
        fields = ["currency", "model"]

    def of_instant(self, prices, _name, instant):
        ends_later = Q(valid_to=None) | Q(valid_to__gt=instant)
        return prices.filter(ends_later, superseded_at=None, valid_from__lte=instant)


class PriceViewSet(VisibleRows):
    """The entries of the price books; the head office's, which are cost, only for those who may see cost."""

    visible = staticmethod(visible_prices)
    scope = Scope.CATALOGUE_READ
    serializer_class = PriceSerializer
    filterset_class = PriceFilters

    @extend_schema(parameters=[GapQuery], responses=PriceGapsSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def gaps(self, request: Request) -> Response:
        """List where a company's book has no price of what is sold, by SKU, currency and start."""
        asked = GapQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        company = visible_companies(caller_of(request)).filter(code=values["company"]).first()
        if company is None:
            raise ValidationError({"company": NotFound.default_detail})
        after = None
        if "after_sku" in values:
            after = PriceGap(values["after_sku"], "", values["after_currency"], values["after_from"], None)
        size = values["page_size"]
        found = price_gaps(company, since=values.get("since", now()), most=size + 1, after=after)
        return Response(PriceGapsSerializer({"more": len(found) > size, "results": found[:size]}).data)
