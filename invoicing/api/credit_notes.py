"""Give back of an invoice, and see what was given back."""

from typing import Any
from zoneinfo import ZoneInfo

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import NotFound, caller_of
from catalogue.domain.periods import local_date
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from invoicing.api.documents import DocumentedThings
from invoicing.api.fields import AmountField
from invoicing.domain.credits import CreditRequest, CreditWish
from invoicing.models import CreditNote, CreditNoteLine, CreditNoteTax
from invoicing.selectors.visible import visible_credit_notes, visible_invoices
from invoicing.services.credit_notes import InvalidCreditDay, credit_invoice

_MOST_LINES = 1_000


class CreditNoteSerializer(RowSerializer):
    company = CodeField()
    account = CodeField()
    invoice: Any = serializers.SlugRelatedField("number", read_only=True)

    class Meta:
        model = CreditNote
        fields = [
            *("number", "cause", "company", "account", "invoice", "issued_on", "currency"),
            *("net_amount", "tax_amount", "gross_amount", "reason"),
        ]


class CreditNoteLineSerializer(RowSerializer):
    class Meta:
        model = CreditNoteLine
        fields = [
            *("position", "sku", "description", "family", "resource", "service_start", "service_end"),
            *("quantity", "unit", "unit_price", "net_amount", "tax_category"),
        ]


class CreditNoteTaxSerializer(RowSerializer):
    class Meta:
        model = CreditNoteTax
        fields = ["category", "name", "percent", "taxable_amount", "tax_amount"]


class WholeCreditNoteSerializer(CreditNoteSerializer):
    lines = CreditNoteLineSerializer(many=True, read_only=True)
    taxes = CreditNoteTaxSerializer(many=True, read_only=True)

    class Meta(CreditNoteSerializer.Meta):
        fields = [*CreditNoteSerializer.Meta.fields, "seller", "buyer", "lines", "taxes"]


class CreditLineBody(Body):
    sku = serializers.CharField(max_length=120)
    resource = serializers.CharField(
        max_length=200, required=False, help_text="Default: any; several lines that fit are used up in order."
    )
    amount = AmountField(help_text="Net, above 0.")


class CreditBody(Body):
    request_id = serializers.CharField(
        max_length=100,
        help_text="Yours, once a company: sent again, it answers what was made the first time.",
    )
    invoice = serializers.CharField(help_text="Its number.")
    lines = serializers.ListField(
        child=CreditLineBody(), required=False, allow_empty=False, max_length=_MOST_LINES
    )
    amount = AmountField(required=False, help_text="Net, of the invoice as a whole.")
    all = serializers.BooleanField(required=False, default=False, help_text="All that is left.")
    reason = serializers.CharField(
        max_length=250, required=False, default="", allow_blank=True, help_text="Printed on it."
    )
    issued_on = serializers.DateField(required=False, help_text="Default: today where the company is.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("lines" in values) + ("amount" in values) + values["all"] != 1:
            raise serializers.ValidationError("Give one of `lines`, `amount` and `all: true`.")
        return values


class CreditNoteFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="account")
    invoice = ByCode(visible_invoices, code="number", field_name="invoice")
    issued_from = filters.DateFilter(field_name="issued_on", lookup_expr="gte")

    class Meta:
        model = CreditNote
        fields = ["cause", "currency"]


class CreditNoteViewSet(DocumentedThings):
    """Credit notes; by their number with lines and taxes, and as PDF. What is credited is positive."""

    visible = staticmethod(visible_credit_notes)
    serializer_class = CreditNoteSerializer
    filterset_class = CreditNoteFilters

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "invoicing.add_creditnote" if self.request.method == "POST" else super().permission

    def get_serializer_class(self) -> type[CreditNoteSerializer]:
        return WholeCreditNoteSerializer if self.action == "retrieve" else CreditNoteSerializer

    @extend_schema(request=CreditBody, responses={201: WholeCreditNoteSerializer})
    def create(self, request: Request) -> Response:
        """Credit an issued invoice, as a whole or not at all. More than is left of it is a conflict."""
        asked = CreditBody(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        invoice = visible_invoices(caller_of(request)).filter(number=values["invoice"]).first()
        if invoice is None:
            raise NotFound
        wishes = (
            CreditWish(line["sku"], line["amount"], line.get("resource")) for line in values.get("lines", ())
        )
        today = local_date(now(), ZoneInfo(invoice.company.timezone))
        issued_on = values.get("issued_on", today)
        if issued_on > today:
            raise InvalidCreditDay(
                f"{issued_on} lies ahead: today is {today} where {invoice.company.code} is."
            )
        note = credit_invoice(
            invoice=invoice,
            request=CreditRequest(tuple(wishes), values.get("amount")),
            request_id=values["request_id"],
            reason=values["reason"],
            issued_on=issued_on,
        )
        return Response(WholeCreditNoteSerializer(note).data, status=status.HTTP_201_CREATED)
