"""What was earned."""

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
from catalogue.selectors.reach import may_see_cost
from reconciliation.domain.margin_reports import BASES, CURRENCIES, DIMENSIONS, MarginRow
from reconciliation.selectors.margin_reports import MarginQuestion, margin_tables


class MarginQuery(Body):
    first_month = MonthField()
    last_month = MonthField(required=False, help_text="Included; default: the first.")
    by = serializers.ChoiceField(DIMENSIONS, default="product")
    basis = serializers.ChoiceField(
        list(BASES), default="billed", help_text=" ".join(f"{name}: {text}." for name, text in BASES.items())
    )
    currency = serializers.ChoiceField(list(CURRENCIES), default="reporting")
    company = serializers.CharField(required=False)
    country = serializers.CharField(required=False)
    account = serializers.CharField(required=False)
    product = serializers.CharField(required=False, help_text="Its SKU.")
    family = serializers.CharField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"last_month": attrs["first_month"], **attrs}


class MarginFigures(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Of the dimension; empty where there is none, as for discounts.")
    detail = serializers.CharField(help_text="Its name; of a resource its account.")
    currency = serializers.CharField()
    revenue = serializers.CharField()
    cost = serializers.CharField(
        allow_null=True, help_text="For those who may see it, as margin and percent."
    )
    margin = serializers.CharField(allow_null=True)
    percent = serializers.CharField(allow_null=True, help_text="Of the revenue; empty without revenue.")


class MarginSerializer(serializers.Serializer[Any]):
    rows = MarginFigures(many=True, help_text="By key. Parts of invoices are not rounded, to 6 decimals.")
    rounding = MarginFigures(
        many=True, help_text="One a currency, where parts do not add up to their invoices."
    )
    totals = MarginFigures(many=True, help_text="One a currency: rows and rounding add up to it.")


class MarginView(APIView):
    """Revenue, cost and margin of months by one dimension, at the exchange rates that the invoices keep."""

    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"

    @extend_schema(parameters=[MarginQuery], responses=MarginSerializer)
    def get(self, request: Request) -> Response:
        """Of the companies that the caller reaches."""
        asked = MarginQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        caller = caller_of(request)
        (table,) = margin_tables(caller, [MarginQuestion(**asked.validated_data)])
        with_cost = may_see_cost(caller)
        body = {
            name: [_figures(row, with_cost) for row in getattr(table, name)]
            for name in ("rows", "rounding", "totals")
        }
        return Response(MarginSerializer(body).data)


def _figures(row: MarginRow, with_cost: bool) -> dict[str, Any]:
    margin, percent = row.margin, row.margin.percent
    return {
        "key": row.key,
        "detail": row.detail,
        "currency": row.currency,
        "revenue": exact_text(margin.revenue),
        "cost": exact_text(margin.cost) if with_cost else None,
        "margin": exact_text(margin.margin) if with_cost else None,
        "percent": exact_text(percent) if with_cost and percent is not None else None,
    }
