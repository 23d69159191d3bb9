"""Whether the numbers agreed."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import (
    BulkAdmin,
    MonthFilter,
    Table,
    VisibleChoices,
    number,
    show_number,
)
from reconciliation.admin.requests import ReconcileButton
from reconciliation.models import Discrepancy, ReconciliationRun
from reconciliation.selectors.visible import visible_discrepancies, visible_runs

_SHOWN = 100
_SIDES = ("first", "second", "difference")


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ReconcileButton):
    visible = staticmethod(visible_runs)
    list_display = ["company", "starts_on", "until", "level", "compared", "differing", "reconciled_at"]
    list_filter = [("company", VisibleChoices), "level", MonthFilter]
    fields = [
        ("company", "level"),
        ("starts_on", "until"),
        ("compared", "found"),
        ("reconciled_at", "tolerance"),
    ]
    readonly_fields = ["found", "until"]

    def tables(self, request: HttpRequest, run: ReconciliationRun) -> list[Table]:
        totals = [
            (
                *(total.unit or "no unit", f"{total.compared:,}", f"{total.differing:,}"),
                *map(show_number, (total.first, total.second, total.difference)),
            )
            for total in run.totals.all()
        ]
        differing = [
            (
                *(found.get_kind_display(), found.account, found.sku, found.resource, found.key),
                *map(show_number, (found.first, found.second, found.difference)),
                found.note,
            )
            for found in run.discrepancies.order_by("key")[:_SHOWN]
        ]
        return [
            Table("Totals", ["unit", "keys compared", "differing", *_SIDES], totals),
            Table(
                "What differs", ["kind", "account", "SKU", "resource", "key", *_SIDES, "beside"], differing
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReconciliationRun]:
        return super().get_queryset(request).annotate(differing=Count("discrepancies"))

    @admin.display(ordering="ends_on", description="until, exclusive")
    def until(self, run: ReconciliationRun) -> date:
        return run.ends_on

    @admin.display(description="discrepancies")
    def found(self, run: Any) -> str:
        return f"{run.differing:,}" if run.differing else "none"

    @display(description="discrepancies", label={"none": "success", "some": "danger"})
    def differing(self, run: Any) -> tuple[str, str]:
        return ("some", str(run.differing)) if run.differing else ("none", "none")


@admin.register(Discrepancy)
class DiscrepancyAdmin(BulkAdmin):
    visible = staticmethod(visible_discrepancies)
    list_display = [
        "run",
        "kind",
        "account",
        "sku",
        "resource",
        number("first"),
        number("second"),
        number("difference"),
        "key",
    ]
    list_filter = ["kind", ("run", VisibleChoices)]
    search_fields = ["account__exact", "resource__exact", "sku__exact"]
    ordering = ["-run", "key"]
