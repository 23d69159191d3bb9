"""Differences and leaks as work."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from reconciliation.domain.finding_states import TRANSITIONS
from reconciliation.domain.fixes import FIXES
from reconciliation.models import Finding, FindingChange
from reconciliation.selectors.visible import visible_findings
from reconciliation.services.finding_work import assign_finding, comment_on_finding, take_finding_step
from reconciliation.services.fixes import fix_finding


class FindingChangeSerializer(RowSerializer):
    class Meta:
        model = FindingChange
        fields = ["at", "by", "what", "state", "difference", "text"]


class FindingRowSerializer(RowSerializer):
    company = CodeField()
    account = CodeField(allow_null=True)
    owner: Any = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    month = MonthField(read_only=True)
    age_days = serializers.SerializerMethodField(help_text="Whole days since it was found, or came back.")

    class Meta:
        model = Finding
        fields = [
            *("id", "company", "level", "month", "key", "kind", "account", "sku", "resource"),
            *("unit", "first", "second", "difference", "money_at_risk", "currency", "note"),
            *("state", "owner", "age_days", "opened_at", "seen_at", "closed_at"),
        ]

    def get_age_days(self, finding: Finding) -> int:
        return ((finding.closed_at or now()) - finding.opened_at).days


class WholeFindingSerializer(FindingRowSerializer):
    changes = FindingChangeSerializer(many=True, read_only=True, help_text="All that happened to it.")

    class Meta(FindingRowSerializer.Meta):
        fields = [*FindingRowSerializer.Meta.fields, "changes"]


class ReasonBody(Body):
    reason = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Needed to explain or accept."
    )


class CommentBody(Body):
    text = serializers.CharField()


class OwnerBody(Body):
    owner = serializers.CharField(allow_blank=True, help_text="The user name of an operator; empty: nobody.")


class FindingFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="account")
    month = MonthFilter(field_name="month")
    is_fixed = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull", exclude=True)
    owner = filters.CharFilter(field_name="owner__username")

    class Meta:
        model = Finding
        fields = ["level", "kind", "state", "sku", "resource"]


class FindingViewSet(VisibleThings):
    """Differences between systems, and leaks; a run closes each when it does not find it any more."""

    visible = staticmethod(visible_findings)
    serializer_class = FindingRowSerializer
    filterset_class: Any = FindingFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self) -> type[FindingRowSerializer]:
        return FindingRowSerializer if self.action == "list" else WholeFindingSerializer

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "reconciliation.change_finding" if self.request.method == "POST" else super().permission

    @extend_schema(
        request=ReasonBody,
        responses=WholeFindingSerializer,
        parameters=[OpenApiParameter("step", enum=list(TRANSITIONS), location="path")],
    )
    @action(detail=True, methods=["post"], url_path="steps/(?P<step>[a-z_]+)")
    def step(self, request: Request, step: str, **_finding: str) -> Response:
        """Move it to another state; to explain or accept it takes a reason."""
        finding = self.get_object()
        values = _body(ReasonBody, request)
        if step not in TRANSITIONS:
            raise NotFound
        take_finding_step(finding_id=finding.pk, step=step, by=caller_of(request), at=now(), **values)
        return self._answer()

    @extend_schema(request=CommentBody, responses=WholeFindingSerializer)
    @action(detail=True, methods=["post"])
    def comments(self, request: Request, **_finding: str) -> Response:
        """Add a comment."""
        finding = self.get_object()
        values = _body(CommentBody, request)
        comment_on_finding(finding_id=finding.pk, by=caller_of(request), at=now(), **values)
        return self._answer()

    @extend_schema(request=OwnerBody, responses=WholeFindingSerializer)
    @action(detail=True, methods=["post"])
    def owner(self, request: Request, **_finding: str) -> Response:
        """Give it to somebody."""
        finding = self.get_object()
        values = _body(OwnerBody, request)
        assign_finding(finding_id=finding.pk, by=caller_of(request), at=now(), **values)
        return self._answer()

    @extend_schema(
        request=None,
        responses=WholeFindingSerializer,
        parameters=[OpenApiParameter("fix", enum=list(FIXES), location="path")],
    )
    @action(detail=True, methods=["post"], url_path="fixes/(?P<fix>[a-z_]+)")
    def fix(self, request: Request, fix: str, **_finding: str) -> Response:
        """Call the service that mends the cause; the next run says whether it did."""
        finding = self.get_object()
        if fix not in FIXES:
            raise NotFound
        fix_finding(finding_id=finding.pk, fix=fix, by=caller_of(request), at=now())
        return self._answer()

    def _answer(self) -> Response:
        return Response(WholeFindingSerializer(self.get_object()).data)


def _body(body: type[Body], request: Request) -> dict[str, Any]:
    asked = body(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data
