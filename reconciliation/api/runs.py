"""What was compared, what differs, and asking for it."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, ExactField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.domain.periods import month_cycle
from catalogue.models import Scope, User
from catalogue.selectors.visible import visible_companies
from reconciliation.models import Discrepancy, ReconciliationRequest, ReconciliationRun, RunTotal
from reconciliation.selectors.visible import visible_discrepancies, visible_runs
from reconciliation.services.requests import CannotReconcile, request_reconciliation

Level = ReconciliationRun.Level


class RunSerializer(RowSerializer):
    company = CodeField()
    month = MonthField()

    class Meta:
        model = ReconciliationRun
        fields = [
            *("id", "company", "month", "starts_on", "ends_on", "level", "tolerance", "compared"),
            *("reconciled_at", "scheduled_on", "request"),
        ]


class RunTotalSerializer(RowSerializer):
    difference = ExactField(max_digits=30, decimal_places=12, read_only=True)

    class Meta:
        model = RunTotal
        fields = ["unit", "compared", "differing", "first", "second", "difference"]


class WholeRunSerializer(RunSerializer):
    totals = RunTotalSerializer(many=True, read_only=True)

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "totals"]


class DiscrepancySerializer(RowSerializer):
    class Meta:
        model = Discrepancy
        fields = [
            *(
                "kind",
                "account",
                "sku",
                "resource",
                "day",
                "currency",
                "key",
                "first",
                "second",
                "difference",
            ),
            *("quantity_difference", "amount_difference", "note"),
        ]


class RunFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    month = MonthFilter(field_name="month")

    class Meta:
        model = ReconciliationRun
        fields = ["company", "month", "level", "request"]


class DiscrepancyFilters(filters.FilterSet):
    class Meta:
        model = Discrepancy
        fields = ["kind", "account", "sku", "resource"]


class ReconciliationRequestSerializer(Body):
    company = serializers.CharField(help_text="Its code.")
    month = MonthField(required=False, help_text="A whole month; or starts_on and ends_on.")
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text="The day after the last one.")
    levels = serializers.ListField(
        child=serializers.ChoiceField(Level.choices), default=list, help_text="None: all."
    )
    tolerance = serializers.IntegerField(
        default=0, min_value=0, max_value=100, help_text="In the currency's smallest units, for each amount."
    )


class RequestedSerializer(RowSerializer):
    company = CodeField()

    class Meta:
        model = ReconciliationRequest
        fields = ["id", "company", "starts_on", "ends_on", "levels", "tolerance", "requested_at", "done_at"]


class ReconciliationRunViewSet(VisibleThings):
    """Comparisons of two systems, the latest last."""

    visible = staticmethod(visible_runs)
    serializer_class = RunSerializer
    filterset_class: Any = RunFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self) -> type[RunSerializer]:
        return WholeRunSerializer if self.action == "retrieve" else RunSerializer

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "reconciliation.add_reconciliationrun" if self.action == "create" else super().permission

    @extend_schema(request=ReconciliationRequestSerializer, responses={202: RequestedSerializer})
    def create(self, request: Request) -> Response:
        """Ask for days of a company to be compared; a worker does it.

        List the runs by `request`, the id that is answered, until they are there.
        """
        asked = ReconciliationRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        caller = caller_of(request)
        company = visible_companies(caller).filter(code=values["company"].replace("\0", "")).first()
        if company is None:
            raise NotFound
        starts_on, ends_on = _days(values)
        wish = request_reconciliation(
            company=company,
            starts_on=starts_on,
            ends_on=ends_on,
            levels=[Level(level) for level in values["levels"]],
            tolerance=values["tolerance"],
            requested_by=caller if isinstance(caller, User) else None,
            requested_at=now(),
        )
        return Response(RequestedSerializer(wish).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        filters=False,
        parameters=[
            OpenApiParameter("kind", enum=Discrepancy.Kind.values),
            *(OpenApiParameter(name) for name in ("account", "sku", "resource")),
        ],
        responses=DiscrepancySerializer(many=True),
    )
    @action(detail=True, filterset_class=DiscrepancyFilters)
    def discrepancies(self, request: Request, **_run: str) -> Response:
        """What differs, key by key."""
        run = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if run is None:
            raise NotFound
        found = visible_discrepancies(caller_of(request)).filter(run=run)
        page = self.paginate_queryset(self.filter_queryset(found))
        return self.get_paginated_response(DiscrepancySerializer(page, many=True).data)


def _days(values: dict[str, Any]) -> tuple[Any, Any]:
    month, starts_on, ends_on = (values.get(name) for name in ("month", "starts_on", "ends_on"))
    if month and not (starts_on or ends_on):
        return month, month_cycle(month).ends_on
    if month or not (starts_on and ends_on):
        raise CannotReconcile("Send a month, or starts_on and ends_on.")
    return starts_on, ends_on
