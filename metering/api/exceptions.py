"""What waits for a person, or for an event that has not come yet."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import caller_of
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from metering.models import EventException
from metering.selectors.visible import visible_exceptions
from metering.services.dismissals import dismiss_exception
from metering.services.exceptions import retry_exceptions


class ExceptionSerializer(RowSerializer):
    company = serializers.CharField(read_only=True, allow_null=True)
    account = serializers.CharField(read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True, help_text="What is wrong and what to do.")

    class Meta:
        model = EventException
        fields = [
            *("id", "kind", "company", "account", "resource", "source", "event_id", "sku", "reason"),
            *("gap_start", "gap_end", "money_at_risk", "currency", "opened_at", "closed_at"),
            *("dismissed_by", "dismissed_because"),
        ]


class DismissRequest(Body):
    because = serializers.CharField(max_length=1000, help_text="Why nothing is to be done; it is kept.")


class ExceptionFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company_id")
    account = ByCode(visible_accounts, field_name="account_id")
    is_open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = EventException
        fields = ["kind", "resource", "sku"]


class ExceptionViewSet(VisibleRows):
    """What could not be placed or priced; each exception closes by itself when its cause is gone.

    What nobody will mend can be dismissed, with a reason.
    """

    visible = staticmethod(visible_exceptions)
    serializer_class = ExceptionSerializer
    filterset_class = ExceptionFilters
    lookup_value_regex = r"\d{1,18}"

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "metering.change_eventexception" if self.request.method == "POST" else super().permission

    @extend_schema(request=None, responses={202: ExceptionSerializer}, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def retry(self, _request: Request, **_pk: str) -> Response:
        """Have its cause looked at again, by the job that found it. If that is gone, it closes in seconds."""
        exception = self.get_object()
        retry_exceptions(ids=[exception.pk])
        return Response(ExceptionSerializer(exception).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=DismissRequest, responses=ExceptionSerializer, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def dismiss(self, request: Request, **_pk: str) -> Response:
        """Close it by hand, with a reason: a conflict or a gap that nobody will mend. It stays closed."""
        exception = self.get_object()
        asked = DismissRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        because = asked.validated_data["because"]
        dismiss_exception(exception=exception, by=str(caller_of(request)), because=because, now=now())
        return Response(ExceptionSerializer(self.get_object()).data)
