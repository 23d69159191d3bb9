"""What the customer owes, line by line."""

from typing import Any

from django.http import FileResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.requests import NotFound
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from invoicing.models import Document, Invoice, InvoiceLine, InvoiceTax
from invoicing.selectors.visible import visible_invoices


class InvoiceSerializer(RowSerializer):
    company = CodeField()
    account = CodeField()
    month = MonthField(help_text="The billing month.")

    class Meta:
        model = Invoice
        fields = [
            *("number", "state", "company", "account", "month", "period_start", "period_end", "issued_on"),
            *("due_on", "currency", "net_amount", "tax_amount", "gross_amount"),
        ]


class InvoiceLineSerializer(RowSerializer):
    class Meta:
        model = InvoiceLine
        fields = [
            *("position", "kind", "sku", "description", "family", "resource", "service_start", "service_end"),
            *("quantity", "unit", "unit_price", "net_amount", "tax_category"),
        ]


class InvoiceTaxSerializer(RowSerializer):
    class Meta:
        model = InvoiceTax
        fields = ["category", "name", "percent", "taxable_amount", "tax_amount"]


class WholeInvoiceSerializer(InvoiceSerializer):
    lines = serializers.SerializerMethodField()
    taxes = InvoiceTaxSerializer(many=True, read_only=True)

    class Meta(InvoiceSerializer.Meta):
        fields = [*InvoiceSerializer.Meta.fields, "seller", "buyer", "lines", "taxes"]

    @extend_schema_field(InvoiceLineSerializer(many=True))
    def get_lines(self, invoice: Invoice) -> Any:
        lines = InvoiceLine.objects.filter(invoice_id=invoice.pk).order_by("position")
        return InvoiceLineSerializer(lines, many=True).data


class InvoiceFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="account")
    month = MonthFilter(field_name="month")
    issued_from = filters.DateFilter(field_name="issued_on", lookup_expr="gte")

    class Meta:
        model = Invoice
        fields = ["state", "currency"]


class InvoiceViewSet(VisibleThings):
    """Invoices; by their number with lines and taxes, and as PDF."""

    visible = staticmethod(visible_invoices)
    scope = Scope.BILLING_READ
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilters
    lookup_field = "number"
    lookup_value_regex = "[^/]+"

    def get_serializer_class(self) -> type[InvoiceSerializer]:
        return WholeInvoiceSerializer if self.action == "retrieve" else InvoiceSerializer

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, filterset_class=None)
    def pdf(self, request: Request, **_number: str) -> FileResponse:  # noqa: ARG002
        """The invoice as its customer gets it."""
        invoice = self.get_object()
        document = invoice.documents.filter(kind=Document.Kind.PDF).first()
        if document is None:
            raise NotFound(
                f"The PDF of {invoice.number} is not rendered yet; ask again in a minute.", "pdf_not_rendered"
            )
        name = f"{invoice.number}.pdf"
        response = FileResponse(document.file.open("rb"), filename=name, content_type="application/pdf")
        response["ETag"] = f'"{document.sha256}"'
        return response
