"""What is taken off."""

from django.contrib import admin

from billing_site.common.admin import ConsoleAdmin, VisibleChoices, number
from catalogue.models import Promotion
from catalogue.selectors.visible import visible_promotions


@admin.register(Promotion)
class PromotionAdmin(ConsoleAdmin):
    visible = staticmethod(visible_promotions)
    list_display = [
        *("code", "company", "position", number("percent"), number("amount"), "currency"),
        *("valid_from", "valid_to", "max_redemptions"),
    ]
    list_filter = [("company", VisibleChoices), "valid_from"]
    search_fields = ["code"]
    fixed_fields = ["code", "company"]
    autocomplete_fields = ["products", "accounts"]
