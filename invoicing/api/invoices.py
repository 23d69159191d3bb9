"""What the customer owes, line by line."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from invoicing.api.documents import DocumentedThings
from invoicing.models import Invoice, InvoiceLine, InvoiceTax
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


class InvoiceViewSet(DocumentedThings):
    """Invoices; by their number with lines and taxes, and as PDF."""

    visible = staticmethod(visible_invoices)
    scope = Scope.BILLING_READ
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilters

    def get_serializer_class(self) -> type[InvoiceSerializer]:
        return WholeInvoiceSerializer if self.action == "retrieve" else InvoiceSerializer
