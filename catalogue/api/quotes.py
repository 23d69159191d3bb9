"""What it would cost."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.requests import caller_of
from catalogue.api.fields import ExactNumber
from catalogue.api.quote_answers import QuoteAnswer, answer_of
from catalogue.models import Scope
from catalogue.selectors.quote_customers import Customer, customer_of_account, customer_of_country
from catalogue.selectors.quote_requests import AskedItem, CannotQuote
from catalogue.selectors.quotes import quote
from catalogue.selectors.reach import Caller, may_see_cost

MAX_ITEMS = 1000
_YEARS = range(1970, 3000)


class QuoteItem(Body):
    sku = serializers.CharField(max_length=120)
    quantity = ExactNumber(default=1, help_text="Of the item: how many of it there are, or how large it is.")
    hours = ExactNumber(required=False, help_text="Billable hours; needed for a product priced by time.")
    units = ExactNumber(required=False, help_text="What is used, in the product's unit; only for usage.")
    records = serializers.IntegerField(
        default=1, min_value=0, max_value=10**12, help_text="How many usage records; some prices charge each."
    )
    start = serializers.DateTimeField(required=False, help_text="It is priced at this instant. Default: now.")

    def validate_start(self, start: datetime) -> datetime:
        if start.year not in _YEARS:
            raise ValidationError(f"{start.year} is not a year to quote for.")
        return start


class QuoteRequest(Body):
    account = serializers.CharField(required=False, help_text="Its code; or else country and currency.")
    country = serializers.RegexField("^[A-Z]{2}$", required=False, help_text="Where tax is due: DE.")
    currency = serializers.RegexField("^[A-Z]{3}$", required=False, help_text="EUR.")
    company = serializers.CharField(required=False, help_text="Who sells; needed where several fit.")
    coupon = serializers.CharField(
        max_length=40, default="", allow_blank=True, help_text="A code to try out."
    )
    issued_on = serializers.DateField(
        required=False,
        help_text="Of the invoice; it decides the tax. Default: the first day after the month.",
    )
    items = serializers.ListField(child=QuoteItem(), allow_empty=False, max_length=MAX_ITEMS)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        instead = [name for name in ("country", "currency", "company") if name in values]
        if "account" in values:
            if instead:
                raise ValidationError(dict.fromkeys(instead, "The account decides it: leave it out."))
        elif missing := {"country", "currency"} - set(instead):
            raise ValidationError(dict.fromkeys(sorted(missing), "Needed unless an account is named."))
        return values


class QuoteView(APIView):
    """Ask what items would cost; nothing is stored."""

    scope = Scope.CATALOGUE_READ
    permission = "catalogue.view_price"

    @extend_schema(operation_id="quotes_create", tags=["quotes"], request=QuoteRequest, responses=QuoteAnswer)
    def post(self, request: Request) -> Response:
        """Say line by line what an invoice would say of these items, by the arithmetic that makes it.

        Each item is a charge of its own, priced as a whole at its start: quantity x hours, quantity x units,
        or (orders) the quantity for one whole cycle. Items of one price with the scope `account` are one
        charge. Cost and margin are shown to those who may see cost.
        """
        caller = caller_of(request)
        asked = QuoteRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        instant = now()
        items = [
            AskedItem(
                sku=item["sku"],
                quantity=item["quantity"],
                hours=item.get("hours"),
                units=item.get("units"),
                records=item["records"],
                start=item.get("start", instant),
            )
            for item in values["items"]
        ]
        try:
            quoted = quote(
                customer=_customer(caller, values),
                items=items,
                coupon=values["coupon"],
                issued_on=values.get("issued_on"),
                with_cost=may_see_cost(caller),
            )
        except CannotQuote as refusal:
            raise ValidationError(_by_field(refusal)) from refusal
        return Response(answer_of(quoted))


def _customer(caller: Caller, values: dict[str, Any]) -> Customer:
    if "account" in values:
        return customer_of_account(caller, values["account"])
    return customer_of_country(
        caller,
        country=values["country"],
        currency=values["currency"],
        company=values.get("company", ""),
    )


def _by_field(refusal: CannotQuote) -> dict[Any, Any]:
    of_request: dict[Any, Any] = {}
    for flaw in refusal.flaws:
        fields = (
            of_request
            if flaw.position is None
            else of_request.setdefault("items", {}).setdefault(flaw.position, {})
        )
        fields.setdefault(flaw.field, []).append(flaw.sentence)
    return of_request
