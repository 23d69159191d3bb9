"""Reports for finance."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import MonthField, exact_text
from billing_site.common.rest.requests import caller_of
from catalogue.models import Scope
from reconciliation.selectors.financial_reports import (
    aged_debt_report,
    deferred_report,
    revenue_report,
    tax_report,
)


class MonthsQuery(Body):
    first_month = MonthField()
    last_month = MonthField(required=False, help_text="Included; default: the first.")
    company = serializers.CharField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"last_month": attrs["first_month"], **attrs}


class DayQuery(Body):
    on = serializers.DateField(help_text="At the end of this day.")
    company = serializers.CharField(required=False)


class ExactNumber(serializers.CharField):
    """An amount, or a percent, as exact text."""

    def to_representation(self, value: Any) -> str:
        return exact_text(value)


class RevenueSerializer(serializers.Serializer[Any]):
    company = serializers.CharField()
    sku = serializers.CharField(help_text="Empty: discounts.")
    name = serializers.CharField()
    family = serializers.CharField()
    country = serializers.CharField(help_text="On the invoice.")
    currency = serializers.CharField()
    invoiced = ExactNumber()
    credited = ExactNumber()
    net = ExactNumber()


class TaxSerializer(serializers.Serializer[Any]):
    company = serializers.CharField()
    country = serializers.CharField(help_text="On the document.")
    category = serializers.CharField()
    name = serializers.CharField()
    percent = ExactNumber()
    currency = serializers.CharField()
    invoiced_taxable = ExactNumber()
    invoiced_tax = ExactNumber()
    credited_taxable = ExactNumber()
    credited_tax = ExactNumber()
    taxable = ExactNumber()
    tax = ExactNumber()


class DeferredSerializer(serializers.Serializer[Any]):
    company = serializers.CharField()
    account = serializers.CharField()
    order = serializers.CharField(source="order_code", help_text="Empty: a price pools several.")
    sku = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The first day outside.")
    currency = serializers.CharField()
    billed = ExactNumber()
    earned = serializers.SerializerMethodField()
    deferred = serializers.SerializerMethodField()

    def get_earned(self, cycle: Any) -> str:
        return exact_text(cycle.earned(self.context["on"]))

    def get_deferred(self, cycle: Any) -> str:
        return exact_text(cycle.deferred(self.context["on"]))


class AgedDebtSerializer(serializers.Serializer[Any]):
    company = serializers.CharField()
    account = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    not_due = ExactNumber()
    days_1_to_30 = ExactNumber()
    days_31_to_60 = ExactNumber()
    days_61_to_90 = ExactNumber()
    days_over_90 = ExactNumber()
    due = ExactNumber()
    unapplied = ExactNumber(help_text="Money and credit that no invoice uses.")


class _Report(APIView):
    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"


class RevenueReportView(_Report):
    """Net revenue of billing months by company, product, country and currency."""

    @extend_schema(parameters=[MonthsQuery], responses=RevenueSerializer(many=True))
    def get(self, request: Request) -> Response:
        """A credit note counts in the month of its invoice."""
        rows = revenue_report(caller_of(request), **_asked(MonthsQuery, request))
        return Response(RevenueSerializer(rows, many=True).data)


class TaxReportView(_Report):
    """Taxes of the documents issued in some months, by company, country and rate."""

    @extend_schema(parameters=[MonthsQuery], responses=TaxSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every invoice and credit note counts on its own day of issue."""
        rows = tax_report(caller_of(request), **_asked(MonthsQuery, request))
        return Response(TaxSerializer(rows, many=True).data)


class DeferredReportView(_Report):
    """What annual orders have paid for in advance, by day."""

    @extend_schema(parameters=[DayQuery], responses=DeferredSerializer(many=True))
    def get(self, request: Request) -> Response:
        """One row a cycle of which something is not earned yet; before discounts."""
        asked = _asked(DayQuery, request)
        rows = deferred_report(caller_of(request), **asked)
        return Response(DeferredSerializer(rows, many=True, context=asked).data)


class AgedDebtReportView(_Report):
    """What accounts owe on a day, by how long it is overdue."""

    @extend_schema(parameters=[DayQuery], responses=AgedDebtSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What was issued and received by that day counts."""
        rows = aged_debt_report(caller_of(request), **_asked(DayQuery, request))
        return Response(AgedDebtSerializer(rows, many=True).data)


def _asked(query: type[Body], request: Request) -> dict[str, Any]:
    asked = query(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    values: dict[str, Any] = asked.validated_data
    return values
