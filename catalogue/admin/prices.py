"""At which price: entries never change, a new one is entered by a price file or a service."""

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import BulkAdmin, ReadOnlyInline, VisibleChoices, number
from catalogue.admin import price_terms
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.price_gaps import PriceGapPages
from catalogue.models import Price, PriceTier
from catalogue.selectors.visible import visible_prices


class PriceTierInline(ReadOnlyInline):
    model = PriceTier
    fields = [number("lower", "above"), number("up_to"), number("unit_price"), number("flat_fee")]
    readonly_fields = fields
    verbose_name_plural = "tiers"


@admin.display(description="terms")
def terms(price: Price) -> str:
    return price_terms.terms(price)


@admin.register(Price)
class PriceAdmin(PriceGapPages, HistoryAdmin, BulkAdmin):
    visible = staticmethod(visible_prices)
    list_display = [
        *("product", "company", "account", "currency", "model", terms),
        *("valid_from", "valid_to", "superseded_at"),
    ]
    list_filter = [
        ("company", VisibleChoices),
        "currency",
        "model",
        ("superseded_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["product__sku"]
    ordering = ["-id"]
    fields = [
        ("product", "company", "account"),
        ("currency", "model", "scope"),
        (terms, number("package_size")),
        ("valid_from", "valid_to", "superseded_at"),
        "note",
    ]
    readonly_fields = [terms, number("package_size")]

    def get_inlines(self, request: HttpRequest, obj: Price | None) -> list[type[PriceTierInline]]:
        return [PriceTierInline] if obj and obj.tiers.all() else []
