"""What an account's month has come to, up to an instant."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from billing_site.common.clock import now
from billing_site.common.rest.fields import ExactField, MonthField, exact_text
from billing_site.common.rest.requests import NotFound, caller_of
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts
from metering.selectors.live_charges import month_to_date


class AmountField(ExactField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=38, decimal_places=12, **options)


class CurrentChargesQuerySerializer(serializers.Serializer[Any]):
    as_of = serializers.DateTimeField(required=False, help_text="Count until this instant. Default: now.")


class CurrentChargeSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    resource = serializers.CharField(allow_null=True)
    item_quantity = AmountField(allow_null=True)
    quantity = AmountField()
    unit_price = AmountField(allow_null=True)
    amount = AmountField(help_text="Unrounded: an invoice rounds each line once.")
    service_start = serializers.DateTimeField()
    service_end = serializers.DateTimeField()


class CurrentChargesSerializer(serializers.Serializer[Any]):
    account = serializers.CharField()
    month = MonthField(help_text="The billing month in which the instant lies, where the account is.")
    as_of = serializers.DateTimeField()
    currency = serializers.CharField()
    net_amount = AmountField(
        help_text="The sum of the lines, unrounded; without tax, discounts and minimums."
    )
    lines = CurrentChargeSerializer(many=True)


class CurrentChargesView(APIView):
    """The month to date of an account, running resources included; what is new is rated as you read."""

    scope = Scope.BILLING_READ
    permission = "metering.view_charge"

    @extend_schema(parameters=[CurrentChargesQuerySerializer], responses=CurrentChargesSerializer)
    def get(self, request: Request, code: str) -> HttpResponse:
        """Line by line what the account's month has come to, as known at the instant."""
        asked = CurrentChargesQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        account = visible_accounts(caller_of(request)).filter(code=code).first() if "\0" not in code else None
        if account is None:
            raise NotFound
        as_of = asked.validated_data.get("as_of", now())
        month = as_of.astimezone(ZoneInfo(account.timezone)).date().replace(day=1)
        found = month_to_date(account=account, month=month, as_of=as_of)
        answer = {
            "account": account.code,
            "month": f"{month:%Y-%m}",
            "as_of": as_of.astimezone(UTC),
            "currency": account.currency_id,
            "net_amount": exact_text(found.net_amount),
            "lines": msgspec.Raw(found.lines),
        }
        # The lines were written as CurrentChargeSerializer describes them where they were rated.
        return HttpResponse(msgspec.json.encode(answer), content_type="application/json")
