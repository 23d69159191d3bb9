"""Whether the numbers agreed."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, MonthFilter, ReadOnlyAdmin, VisibleChoices, number
from reconciliation.models import Discrepancy, ReconciliationRun
from reconciliation.selectors.visible import visible_discrepancies, visible_runs


class Month(MonthFilter):
    model = ReconciliationRun


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_runs)
    list_display = ["company", "month", "level", "compared", "differing", "reconciled_at"]
    list_filter = [("company", VisibleChoices), "level", Month]
    fields = [("company", "month", "level"), ("compared", "differing", "reconciled_at")]
    readonly_fields = ["differing"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReconciliationRun]:
        return super().get_queryset(request).annotate(differing=Count("discrepancies"))

    @display(description="discrepancies", label=True)
    def differing(self, run: ReconciliationRun) -> tuple[str, str]:
        found = run.differing  # type: ignore[attr-defined]
        return ("danger", str(found)) if found else ("success", "none")


@admin.register(Discrepancy)
class DiscrepancyAdmin(BulkAdmin):
    visible = staticmethod(visible_discrepancies)
    list_display = ["run", "kind", "account", "sku", "resource", number("difference"), "key"]
    list_filter = ["kind", ("run", VisibleChoices)]
    search_fields = ["account__exact", "resource__exact", "sku__exact"]
    ordering = ["-run", "key"]
