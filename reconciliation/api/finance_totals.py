"""What finance booked: take it in, and list what stands."""

from typing import Any, Literal, cast

import msgspec
from django.conf import settings
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiRequest, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.errors import BillingError
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.files import CsvBody, JsonText, file_of
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.problems import TooLarge
from billing_site.common.rest.requests import caller_of
from billing_site.common.rest.views import VisibleRows
from billing_site.common.tables import TableRefused
from catalogue.models import Scope
from catalogue.selectors.visible import visible_companies
from reconciliation.api.tables import refused_items, sender_of
from reconciliation.domain.finance import Signs
from reconciliation.models import FinanceTotal
from reconciliation.selectors.visible import visible_finance_totals
from reconciliation.services.finance_totals import take_finance_file, take_finance_totals

_SIGNS = ("as_booked", "reversed")


class MalformedTotals(BillingError):
    """The body as a whole cannot be read; nothing of it is stored."""

    code = "malformed_totals"


class _Total(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    account: str
    currency: str
    amount: str | int
    day: str | None = None
    month: str | None = None


class _Totals(msgspec.Struct, forbid_unknown_fields=True):
    totals: list[_Total]
    signs: Literal["as_booked", "reversed", ""] = ""


class FinanceTotalRequest(serializers.Serializer[Any]):
    account = serializers.CharField(help_text="Its code.")
    currency = serializers.CharField(help_text="The account's.")
    amount = serializers.CharField(help_text="Gross less credit notes: what the customer owes is above 0.")
    day = serializers.DateField(required=False, help_text="Of issue; or a month.")
    month = MonthField(required=False, help_text="The billing month; or a day.")


class FinanceTotalsRequest(serializers.Serializer[Any]):
    totals = FinanceTotalRequest(many=True, help_text="All by day, or all by month.")
    signs = serializers.ChoiceField(
        _SIGNS,
        required=False,
        help_text="What is booked the other way round is `reversed`. Without it, totals of which most are "
        "below 0 are refused.",
    )


class FinanceQuery(Body):
    signs = serializers.ChoiceField(_SIGNS, default="", help_text="Of a CSV file, as in the JSON body.")
    dry_run = serializers.BooleanField(default=False, help_text="Of a CSV file: check only; save nothing.")


class StoredTotalsSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField(help_text="Of the days or months sent, what is told no more.")
    unchanged = serializers.IntegerField()


class FinanceTotalSerializer(RowSerializer):
    company = CodeField()
    account = CodeField()
    month = MonthField()
    currency = serializers.CharField(read_only=True)

    class Meta:
        model = FinanceTotal
        fields = ["company", "account", "month", "day", "currency", "amount"]


class FinanceTotalFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    month = MonthFilter(field_name="month")

    class Meta:
        model = FinanceTotal
        fields = ["company", "month", "day"]


_EXAMPLE = {"totals": [{"account": "acme-de", "currency": "EUR", "month": "2026-09", "amount": "119.00"}]}


class FinanceTotalViewSet(VisibleRows):
    """What finance booked for accounts, by month or by day."""

    visible = staticmethod(visible_finance_totals)
    serializer_class = FinanceTotalSerializer
    filterset_class = FinanceTotalFilters
    parser_classes = [JsonText, CsvBody]

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "reconciliation.add_financetotal" if self.action == "create" else super().permission

    @extend_schema(
        request={
            JsonText.media_type: OpenApiRequest(
                FinanceTotalsRequest, examples=[OpenApiExample("A month", _EXAMPLE, request_only=True)]
            ),
            CsvBody.media_type: OpenApiRequest(OpenApiTypes.STR),
        },
        parameters=[FinanceQuery],
        responses=StoredTotalsSerializer,
        filters=False,
    )
    def create(self, request: Request) -> Response:
        """Tell what finance booked for whole months, or for days, of companies.

        It replaces the months that it names, or the days from the first to the last one, of the companies of
        its accounts. The same again changes nothing. All of it is taken, or none.
        """
        sender_of(request)
        companies = list(visible_companies(caller_of(request)))
        if str(request.content_type).startswith(CsvBody.media_type):
            asked = FinanceQuery(data=request.query_params)
            asked.is_valid(raise_exception=True)
            file = file_of(request, "import_finance_totals")
            stored = take_finance_file(companies=companies, file=file, **asked.validated_data)
        else:
            body = _read(request)
            lines = [(number, _cells(total)) for number, total in enumerate(body.totals, start=1)]
            try:
                stored = take_finance_totals(
                    companies=companies, lines=lines, signs=cast("Signs", body.signs)
                )
            except TableRefused as refused:
                raise refused_items(refused, "totals") from refused
        return Response(StoredTotalsSerializer(stored).data)


def _read(request: Request) -> _Totals:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.EVENTS_MAX_BYTES:
        raise TooLarge(
            f"The body has {length} bytes, and at most {settings.EVENTS_MAX_BYTES} are taken at once; send "
            "CSV, or use manage.py import_finance_totals."
        )
    body = request.data if isinstance(request.data, bytes) else b""
    try:
        return msgspec.json.decode(body, type=_Totals)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise MalformedTotals(f"These are no totals of finance: {problem}.") from problem


def _cells(total: _Total) -> dict[str, str]:
    return {name: str(value) for name, value in msgspec.structs.asdict(total).items() if value is not None}
