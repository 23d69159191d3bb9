"""What it is worth."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.fields import MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts
from metering.api.explanations import ExplanationQuery, ExplanationSerializer, explanation_body
from metering.models import Charge
from metering.selectors.explanations import ChargeNotFound, explain_charge
from metering.selectors.visible import visible_charges, visible_resources, with_names


class ChargeSerializer(RowSerializer):
    account = serializers.CharField(read_only=True)
    company = serializers.CharField(source="book", read_only=True, help_text="Whose price book priced it.")
    month = MonthField(help_text="In which it is billed.")
    service_month = MonthField(help_text="In which it was used.")
    sku = serializers.CharField(read_only=True)
    unit = serializers.CharField(read_only=True)
    resource = serializers.CharField(read_only=True, allow_null=True)
    order = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Charge
        fields = [
            *(
                "id",
                "side",
                "kind",
                "account",
                "company",
                "month",
                "service_month",
                "sku",
                "resource",
                "order",
            ),
            *("cycle_start", "item_quantity", "quantity", "unit", "unit_price", "amount", "net_amount"),
            *("currency", "service_start", "service_end", "price_id"),
        ]


class ChargeFilters(filters.FilterSet):
    account = ByCode(visible_accounts, field_name="account_id")
    resource = ByCode(visible_resources, code="name", field_name="resource_id")
    month = MonthFilter(field_name="month")
    service_month = MonthFilter(field_name="service_month")

    class Meta:
        model = Charge
        fields = ["side", "kind"]


def named_charges(caller: Any) -> QuerySet[Charge]:
    return with_names(visible_charges(caller))


class ChargeViewSet(VisibleRows):
    """Rated amounts, month to date or closed; the cost side only for those who may see cost."""

    visible = staticmethod(named_charges)
    scope = Scope.BILLING_READ
    serializer_class = ChargeSerializer
    filterset_class = ChargeFilters
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(parameters=[ExplanationQuery], responses=ExplanationSerializer, filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def explanation(self, request: Request, pk: str) -> Response:
        """Why the charge is what it is: price entry, steps, and in pages the intervals or records counted.

        A `percentage` or tiered price is explained step by step; the steps add up to the amount exactly.
        """
        asked = ExplanationQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        try:
            explained = explain_charge(
                charge_id=int(pk),
                caller=caller_of(request),
                as_of=now(),
                page_size=asked.validated_data["page_size"],
                after=asked.validated_data["cursor"],
            )
        except ChargeNotFound:
            raise NotFound from None
        return Response(explanation_body(explained))
