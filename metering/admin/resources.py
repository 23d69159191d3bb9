"""What runs, and when it was in which state for whom."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, Table, VisibleChoices, show_number
from catalogue.models import Product
from metering.models import Resource, ResourceInterval
from metering.selectors.visible import visible_intervals, visible_resources

_SHOWN = 200


@admin.register(Resource)
class ResourceAdmin(BulkAdmin):
    visible = staticmethod(visible_resources)
    list_display = ["name", "account", "shown_state", "head_office", "created_at", "ended_at"]
    list_filter = ["state", ("head_office", VisibleChoices)]
    search_fields = ["name__exact"]
    search_help_text = "The whole name."
    ordering = ["-id"]
    fields = [("name", "account"), ("shown_state", "head_office"), ("created_at", "ended_at")]
    readonly_fields = ["account", "shown_state"]

    @display(
        description="state",
        ordering="state",
        label={"active": "success", "suspended": "warning", "stopped": "info", "ended": "danger"},
    )
    def shown_state(self, resource: Resource) -> str:
        return resource.state

    @admin.display(ordering="account_id")
    def account(self, resource: Any) -> str:
        return resource.account

    def tables(self, request: HttpRequest, row: Resource) -> list[Table]:
        visible = visible_intervals(self.person(request)).filter(resource_id=row.pk)
        intervals: list[Any] = list(visible.order_by("-started_at")[: _SHOWN + 1])
        products = {key for interval in intervals for key in interval.product_ids}
        skus = dict(Product.objects.filter(pk__in=products).values_list("pk", "sku"))
        rows = [_stretch(interval, skus) for interval in intervals[:_SHOWN]]
        note = f"The latest {_SHOWN}." if len(intervals) > _SHOWN else ""
        headers = ["from", "to", "state", "account", "items"]
        return [Table("Timeline, as known now (UTC)", headers, rows, note)]


def _stretch(interval: Any, skus: dict[int, str]) -> tuple[str, ...]:
    start, end = _instant(interval.started_at), _instant(interval.ended_at)
    return start, end, interval.state, interval.account, _items(interval, skus)


def _instant(instant: Any) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}" if instant else "still so"


def _items(interval: ResourceInterval, skus: dict[int, str]) -> str:
    items = zip(interval.product_ids, interval.quantities, strict=True)
    return ", ".join(f"{show_number(quantity)} × {skus[key]}" for key, quantity in items)
