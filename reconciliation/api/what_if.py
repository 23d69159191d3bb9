"""What other prices would have earned."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import MonthField, exact_text
from billing_site.common.rest.requests import NotFound, caller_of
from catalogue.models import Scope
from catalogue.selectors.reach import may_see_cost, reach_of
from catalogue.selectors.visible import visible_companies
from reconciliation.domain.what_if import Change, InvalidRule, PriceRule
from reconciliation.selectors.what_if import what_if_rule


class WhatIfQuery(Body):
    company = serializers.CharField(
        help_text="Whose price book is changed, and whose customers' usage is priced."
    )
    month = MonthField()
    kind = serializers.ChoiceField(["percent", "target"], default="percent")
    percent = serializers.DecimalField(
        max_digits=12, decimal_places=4, help_text="By how much, or the margin that products are raised to."
    )
    product = serializers.CharField(required=False, help_text="Only this SKU.")
    family = serializers.CharField(required=False, help_text="Only this family.")
    decimals = serializers.IntegerField(min_value=0, max_value=12, default=6, help_text="Of the new prices.")


class ChangeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="A SKU, or the code of an account.")
    name = serializers.CharField()
    revenue_now = serializers.CharField()
    revenue_then = serializers.CharField()
    margin_now = serializers.CharField(allow_null=True, help_text="For those who may see it.")
    margin_then = serializers.CharField(allow_null=True)


class WhatIfSerializer(serializers.Serializer[Any]):
    month = MonthField()
    currency = serializers.CharField(help_text="The head office's.")
    whole = ChangeSerializer()
    products = ChangeSerializer(many=True)
    accounts = ChangeSerializer(many=True)


class WhatIfView(APIView):
    """A month's real usage with other prices, by the statements that make every charge; nothing is stored."""

    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"

    @extend_schema(parameters=[WhatIfQuery], responses=WhatIfSerializer)
    def get(self, request: Request) -> Response:
        """Before discounts and corrections; prices agreed with single accounts stay."""
        asked = WhatIfQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        caller, values = caller_of(request), dict(asked.validated_data)
        code, month = values.pop("company"), values.pop("month")
        reached = visible_companies(caller).select_related("parent").filter(code=code)
        company = reached.first() if reach_of(caller).account_ids is None else None
        if company is None:
            raise NotFound
        with_cost = may_see_cost(caller)
        if values["kind"] == "target" and not with_cost:
            raise InvalidRule("A target margin shows cost, which you may not see: change prices by percent.")
        found = what_if_rule(company=company, month=month, rule=PriceRule(**values), as_of=now())
        body = {
            "month": found.month,
            "currency": found.currency,
            "whole": _change(found.whole, with_cost),
            "products": [_change(change, with_cost) for change in found.products],
            "accounts": [_change(change, with_cost) for change in found.accounts],
        }
        return Response(WhatIfSerializer(body).data)


def _change(change: Change, with_cost: bool) -> dict[str, Any]:
    def margin(amount: Decimal) -> str | None:
        return exact_text(amount) if with_cost else None

    return {
        "key": change.key,
        "name": change.detail,
        "revenue_now": exact_text(change.before.revenue),
        "revenue_then": exact_text(change.after.revenue),
        "margin_now": margin(change.before.margin),
        "margin_then": margin(change.after.margin),
    }
