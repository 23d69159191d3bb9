"""What was sent, for ever."""

from django.contrib import admin

from billing_site.common.admin import BulkAdmin, number
from metering.models import LifecycleEvent, UsageEvent
from metering.selectors.visible import visible_lifecycle_events, visible_usage_events

_EVENT = [
    ("source", "event_id"),
    ("time", "received_at", "batch_id"),
]


class EventAdmin(BulkAdmin):
    search_fields = ["resource__exact", "event_id__exact"]
    search_help_text = "The whole name of a resource, or the whole id of an event."
    ordering = ["-uid"]


@admin.register(LifecycleEvent)
class LifecycleEventAdmin(EventAdmin):
    visible = staticmethod(visible_lifecycle_events)
    list_display = ["event_id", "source", "type", "resource", "account", "time", "received_at"]
    list_filter = ["type"]
    fields = [("type", "resource", "account"), *_EVENT, "items", "payload"]


@admin.register(UsageEvent)
class UsageEventAdmin(EventAdmin):
    visible = staticmethod(visible_usage_events)
    list_display = [
        *("event_id", "source", "resource", "account", "sku", number("quantity"), "unit", "time", "until"),
    ]
    fields = [
        ("resource", "account"),
        ("sku", number("quantity"), "unit"),
        *_EVENT,
        ("until", "voids"),
        "payload",
    ]
