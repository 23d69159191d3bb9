"""Whether the numbers agreed."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, MonthFilter, ReadOnlyAdmin, VisibleChoices, month, number
from reconciliation.models import Discrepancy, ReconciliationRun
from reconciliation.selectors.visible import visible_discrepancies, visible_runs


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_runs)
    list_display = ["company", month(), "level", "compared", "differing", "reconciled_at"]
    list_filter = [("company", VisibleChoices), "level", MonthFilter]
    fields = [("company", "month", "level"), ("compared", "differing", "reconciled_at")]
    readonly_fields = ["differing"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReconciliationRun]:
        return super().get_queryset(request).annotate(differing=Count("discrepancies"))

    @display(description="discrepancies", label={"none": "success", "some": "danger"})
    def differing(self, run: Any) -> tuple[str, str]:
        return ("some", str(run.differing)) if run.differing else ("none", "none")


@admin.register(Discrepancy)
class DiscrepancyAdmin(BulkAdmin):
    visible = staticmethod(visible_discrepancies)
    list_display = ["run", "kind", "account", "sku", "resource", number("difference"), "key"]
    list_filter = ["kind", ("run", VisibleChoices)]
    search_fields = ["account__exact", "resource__exact", "sku__exact"]
    ordering = ["-run", "key"]
