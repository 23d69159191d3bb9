"""What sales offices owe the head office."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from catalogue.models import Scope
from catalogue.selectors.visible import visible_companies
from invoicing.api.documents import DocumentedThings
from invoicing.models import InterCompanyDocument, InterCompanyLine
from invoicing.selectors.visible import visible_intercompany_documents


class InterCompanyDocumentSerializer(RowSerializer):
    head_office = CodeField()
    sales_office = CodeField()
    month = MonthField(help_text="The billing month.")

    class Meta:
        model = InterCompanyDocument
        fields = ["number", "head_office", "sales_office", "month", "issued_on", "currency", "net_amount"]


class InterCompanyLineSerializer(RowSerializer):
    class Meta:
        model = InterCompanyLine
        fields = ["position", "account", "sku", "description", "quantity", "unit", "net_amount"]


class WholeInterCompanyDocumentSerializer(InterCompanyDocumentSerializer):
    lines = serializers.SerializerMethodField()

    class Meta(InterCompanyDocumentSerializer.Meta):
        fields = [*InterCompanyDocumentSerializer.Meta.fields, "seller", "buyer", "lines"]

    @extend_schema_field(InterCompanyLineSerializer(many=True))
    def get_lines(self, document: InterCompanyDocument) -> Any:
        lines = InterCompanyLine.objects.filter(document_id=document.pk).order_by("position")
        return InterCompanyLineSerializer(lines, many=True).data


class InterCompanyFilters(filters.FilterSet):
    sales_office = ByCode(visible_companies, field_name="sales_office")
    month = MonthFilter(field_name="month")

    class Meta:
        model = InterCompanyDocument
        fields = ["currency"]


class InterCompanyViewSet(DocumentedThings):
    """What sales offices owe the head office for a month; by its number with lines, and as PDF."""

    visible = staticmethod(visible_intercompany_documents)
    scope = Scope.COST_READ
    serializer_class = InterCompanyDocumentSerializer
    filterset_class = InterCompanyFilters

    def get_serializer_class(self) -> type[InterCompanyDocumentSerializer]:
        whole = self.action == "retrieve"
        return WholeInterCompanyDocumentSerializer if whole else InterCompanyDocumentSerializer
