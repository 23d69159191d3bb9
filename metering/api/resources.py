"""What runs, and when it was in which state for whom."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.rest.fields import CodeField, ExactField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Product, Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from metering.models import Resource, ResourceInterval
from metering.selectors.visible import visible_intervals, visible_resources


class ResourceSerializer(RowSerializer):
    head_office = CodeField()
    account = serializers.CharField(read_only=True, allow_null=True, help_text="Who has it, or had it last.")

    class Meta:
        model = Resource
        fields = ["name", "head_office", "account", "state", "created_at", "ended_at"]


class ItemSerializer(serializers.Serializer):
    sku = serializers.CharField()
    quantity = ExactField(max_digits=38, decimal_places=12)


class IntervalSerializer(RowSerializer):
    account = serializers.CharField(read_only=True)
    items = serializers.SerializerMethodField()

    class Meta:
        model = ResourceInterval
        fields = ["started_at", "ended_at", "account", "state", "items"]

    @extend_schema_field(ItemSerializer(many=True))
    def get_items(self, interval: ResourceInterval) -> Any:
        skus = self.context["skus"]
        items = zip(interval.product_ids, interval.quantities, strict=True)
        return ItemSerializer(
            [{"sku": skus[key], "quantity": number} for key, number in items], many=True
        ).data


class TimelineSerializer(serializers.Serializer):
    resource = serializers.CharField()
    intervals = IntervalSerializer(many=True)


class ResourceFilters(filters.FilterSet):
    account = ByCode(visible_accounts, field_name="account_id")
    head_office = ByCode(visible_companies, field_name="head_office")

    class Meta:
        model = Resource
        fields = ["state"]


class ResourceViewSet(VisibleThings):
    """Resources by the name that events give them as `subject`."""

    visible = staticmethod(visible_resources)
    scope = Scope.BILLING_READ
    serializer_class = ResourceSerializer
    filterset_class = ResourceFilters
    lookup_field = "name"

    @extend_schema(responses=TimelineSerializer)
    def timeline(self, request: Request, **_name: str) -> Response:
        """The stretches of a resource's life in which your accounts had it, as known now."""
        resource = self.get_object()
        intervals = list(
            visible_intervals(caller_of(request)).filter(resource_id=resource.pk).order_by("started_at")
        )
        products = {key for interval in intervals for key in interval.product_ids}
        skus = dict(Product.objects.filter(pk__in=products).values_list("pk", "sku"))
        timeline = {"resource": resource.name, "intervals": intervals}
        return Response(TimelineSerializer(timeline, context={"skus": skus}).data)
