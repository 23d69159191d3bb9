"""Prove that numbers have no gaps."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Scope
from catalogue.selectors.visible import visible_companies
from invoicing.models import NumberSeries
from invoicing.selectors.number_report import NumberReport, number_report
from invoicing.selectors.visible import visible_number_series

_Numbers = extend_schema_field(serializers.ListField(child=serializers.IntegerField()))


class _Reported(serializers.ListSerializer):
    """Sets a page of series against their documents at once."""

    def to_representation(self, data: Any) -> Any:
        rows = list(data)
        self.child.report = number_report(rows)  # type: ignore[union-attr]
        return super().to_representation(rows)


class NumberSeriesSerializer(RowSerializer):
    company = CodeField()
    documents = serializers.SerializerMethodField(help_text="How many carry a number of it.")
    missing = serializers.SerializerMethodField(help_text="The first numbers that no document carries.")
    surplus = serializers.SerializerMethodField(
        help_text="Numbers that several carry, or that were not given."
    )
    is_contiguous = serializers.SerializerMethodField(help_text="Whether there is neither.")
    report: dict[int, NumberReport]

    class Meta:
        model = NumberSeries
        list_serializer_class = _Reported
        fields = [
            "company",
            "kind",
            "year",
            "last_number",
            "documents",
            "missing",
            "surplus",
            "is_contiguous",
        ]

    def get_documents(self, series: NumberSeries) -> int:
        return self.report[series.pk].documents

    @_Numbers
    def get_missing(self, series: NumberSeries) -> list[int]:
        return self.report[series.pk].missing

    @_Numbers
    def get_surplus(self, series: NumberSeries) -> list[int]:
        return self.report[series.pk].surplus

    def get_is_contiguous(self, series: NumberSeries) -> bool:
        return self.report[series.pk].is_contiguous


class NumberSeriesFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")

    class Meta:
        model = NumberSeries
        fields = ["kind", "year"]


class NumberSeriesViewSet(VisibleRows):
    """Number series, each set against the documents that carry its numbers."""

    visible = staticmethod(visible_number_series)
    scope = Scope.BILLING_READ
    serializer_class = NumberSeriesSerializer
    filterset_class = NumberSeriesFilters
