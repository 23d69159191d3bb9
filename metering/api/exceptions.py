"""What waits for a person, or for an event that has not come yet."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from metering.models import EventException
from metering.selectors.visible import visible_exceptions


class ExceptionSerializer(RowSerializer):
    company = serializers.CharField(read_only=True, allow_null=True)
    account = serializers.CharField(read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True, help_text="What is wrong and what to do.")

    class Meta:
        model = EventException
        fields = [
            *("id", "kind", "company", "account", "resource", "source", "event_id", "sku", "reason"),
            *("money_at_risk", "opened_at", "closed_at"),
        ]


class ExceptionFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company_id")
    account = ByCode(visible_accounts, field_name="account_id")
    is_open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = EventException
        fields = ["kind", "resource", "sku"]


class ExceptionViewSet(VisibleRows):
    """What could not be placed or priced; each exception closes by itself when its cause is gone."""

    visible = staticmethod(visible_exceptions)
    scope = Scope.BILLING_READ
    serializer_class = ExceptionSerializer
    filterset_class = ExceptionFilters
