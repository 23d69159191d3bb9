"""What waits for a person, or for an event that has not come yet."""

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, number
from metering.models import EventException
from metering.selectors.visible import visible_exceptions


class OpenFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "open"), ("closed", "closed")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "open")


@admin.register(EventException)
class EventExceptionAdmin(BulkAdmin):
    visible = staticmethod(visible_exceptions)
    list_display = ["kind", "state", "company", "account", "resource", "sku", "event_id", "opened_at"]
    list_filter = [OpenFilter, "kind"]
    search_fields = ["resource__exact", "event_id__exact", "sku__exact"]
    search_help_text = "The whole name of a resource, id of an event, or SKU."
    fields = [
        ("kind", "state"),
        "reason",
        ("company", "account", "resource", "sku"),
        ("source", "event_id"),
        ("opened_at", "closed_at", number("money_at_risk")),
    ]
    readonly_fields = ["state", "reason", "company", "account"]

    @display(label={"open": "warning", "closed": "success"})
    def state(self, exception: EventException) -> str:
        return "open" if exception.closed_at is None else "closed"

    @admin.display(ordering="company_id")
    def company(self, exception: Any) -> str:
        return exception.company

    @admin.display(ordering="account_id")
    def account(self, exception: Any) -> str:
        return exception.account

    @admin.display(description="what to do")
    def reason(self, exception: EventException) -> str:
        return exception.reason
