"""What runs, and when it was in which state for whom."""

from typing import Any
from zoneinfo import ZoneInfo

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.fields import CodeField, ExactField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.requests import caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.domain.periods import billing_period
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from metering.api.explanations import FractionField
from metering.models import Resource
from metering.selectors.resource_lives import ResourceLife, resource_life
from metering.selectors.usage_charts import usage_by_hour
from metering.selectors.visible import visible_resources


class ResourceSerializer(RowSerializer):
    head_office = CodeField()
    account = serializers.CharField(read_only=True, allow_null=True, help_text="Who has it, or had it last.")

    class Meta:
        model = Resource
        fields = ["name", "head_office", "account", "state", "created_at", "ended_at"]


class ItemSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = ExactField(max_digits=38, decimal_places=12)
    unit = serializers.CharField()


class IntervalSerializer(serializers.Serializer[Any]):
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    account = serializers.CharField()
    state = serializers.CharField()
    items = ItemSerializer(many=True)


class UpTimeSerializer(serializers.Serializer[Any]):
    starts_on = serializers.DateField(
        help_text="The first day of the month, or the day, by the account's clock."
    )
    hours_up = FractionField(source="up", help_text="Active.")
    hours_lived = FractionField(source="lived", help_text="In any state.")
    item_hours = serializers.DictField(
        child=FractionField(), help_text="SKU: quantity x hours active, of all that it is made of."
    )


class TimelineSerializer(serializers.Serializer[Any]):
    resource = serializers.CharField()
    timezone = serializers.CharField(help_text="Of the account that has it, or had it last.")
    intervals = IntervalSerializer(many=True)
    months = UpTimeSerializer(many=True)
    days = UpTimeSerializer(many=True, help_text="Of the month asked for, or the last one in which it lived.")


class MeterHourSerializer(serializers.Serializer[Any]):
    hour = serializers.DateTimeField()
    quantity = ExactField(max_digits=38, decimal_places=12)
    records = serializers.IntegerField()


class MeterSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    unit = serializers.CharField()
    hours = MeterHourSerializer(many=True)


class UsageByHourSerializer(serializers.Serializer[Any]):
    resource = serializers.CharField()
    timezone = serializers.CharField()
    month = MonthField(allow_null=True)
    meters = MeterSerializer(many=True)


class ResourceFilters(filters.FilterSet):
    account = ByCode(visible_accounts, field_name="account_id")
    head_office = ByCode(visible_companies, field_name="head_office")

    class Meta:
        model = Resource
        fields = ["state"]


class OfOneMonth(ResourceFilters):
    month = MonthFilter(method="keep", help_text="Written 2026-09. Default: the last in which it lived.")

    def keep(self, queryset: Any, _name: str, _value: Any) -> Any:
        return queryset


class ResourceViewSet(VisibleThings):
    """Resources by the name that events give them as `subject`."""

    visible = staticmethod(visible_resources)
    scope = Scope.BILLING_READ
    serializer_class = ResourceSerializer
    lookup_field = "name"

    @property
    def filterset_class(self) -> type[ResourceFilters]:
        return OfOneMonth if self.action in ("timeline", "usage") else ResourceFilters

    @extend_schema(responses=TimelineSerializer)
    def timeline(self, request: Request, **_name: str) -> Response:
        """The stretches of a resource's life in which your accounts had it, as known now, and its up time."""
        resource = self.get_object()
        life = self._life(request, resource)
        told = {
            "resource": resource.name,
            "timezone": life.timezone,
            "intervals": life.intervals,
            "months": life.months,
            "days": life.days,
        }
        return Response(TimelineSerializer(told).data)

    @extend_schema(responses=UsageByHourSerializer)
    def usage(self, request: Request, **_name: str) -> Response:
        """What its meters showed hour by hour in a month: for charts, rounded, and never rated from."""
        resource = self.get_object()
        life = self._life(request, resource)
        period = billing_period(life.month, ZoneInfo(life.timezone)) if life.month else None
        meters = usage_by_hour(resource, intervals=life.intervals, period=period) if period else []
        told = {"resource": resource.name, "timezone": life.timezone, "month": life.month, "meters": meters}
        return Response(UsageByHourSerializer(told).data)

    def _life(self, request: Request, resource: Resource) -> ResourceLife:
        asked = OfOneMonth(request.query_params, queryset=Resource.objects.none(), request=request)
        month = asked.form.cleaned_data["month"] if asked.is_valid() else None
        return resource_life(resource, caller=caller_of(request), as_of=now(), month=month)
