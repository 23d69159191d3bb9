"""Invoice numbers without gaps."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import ReadOnlyAdmin, VisibleChoices
from invoicing.models import NumberSeries
from invoicing.selectors.number_report import number_report
from invoicing.selectors.visible import visible_number_series


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_number_series)
    list_display = ["company", "kind", "year", "last_number", "documents", "proof"]
    list_filter = [("company", VisibleChoices), "kind", "year"]
    ordering = ["company", "kind", "-year"]
    fields = [("company", "kind", "year"), ("last_number", "documents", "proof")]
    readonly_fields = ["documents", "proof"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Set the page's series against their documents at once."""
        page = super().get_changelist_instance(request)
        reports = number_report(page.result_list)
        for series in page.result_list:
            series.report = reports[series.pk]
        return page

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        series = super().get_object(request, object_id, from_field)
        if series is not None:
            series.report = number_report([series])[series.pk]
        return series

    @admin.display(description="documents")
    def documents(self, series: Any) -> int:
        return series.report.documents if hasattr(series, "report") else 0

    @display(description="numbers", label={"without gaps": "success"})
    def proof(self, series: Any) -> str:
        return series.report.sentence if hasattr(series, "report") else ""
