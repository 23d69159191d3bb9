"""What was ordered beside resources."""

from django.contrib import admin

from billing_site.common.admin import BulkAdmin, number
from metering.models import Order
from metering.selectors.visible import visible_orders


@admin.register(Order)
class OrderAdmin(BulkAdmin):
    visible = staticmethod(visible_orders)
    list_display = [
        *("code", "account", "product", number("quantity"), "started_on", "ended_on", number("unit_price")),
    ]
    search_fields = ["code", "account__code", "product__sku"]
    fields = [
        ("code", "account", "product"),
        (number("quantity"), number("unit_price")),
        ("started_on", "ended_on"),
    ]
